"""OFD files made by hand: a zip of XML parts (GB/T 33190-2016)."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

_NAMES = 'xmlns:ofd="http://www.ofdspec.org/2016"'
LETTER = 5.6  # millimetres: 三号, the size that GB/T 9704-2012 sets text in
A4 = "0 0 210 297"


def text(
    words: str, x: float, y: float, size: float = LETTER, attributes: str = "", inner: str = ""
) -> str:
    """Write a line of characters as wide as they are high; `y` is its upper edge."""
    steps = f"g {len(words) - 1} {size}" if len(words) > 1 else ""
    delta = f' DeltaX="{steps}"' if steps else ""
    return (
        f'<ofd:TextObject ID="9" Boundary="{x} {y} {size * len(words)} {size}" Font="1" Size="{size}" {attributes}>'
        f'{inner}<ofd:TextCode X="0" Y="{size * 0.88:.2f}"{delta}>{escape(words)}</ofd:TextCode></ofd:TextObject>'
    )


def rule(x0: float, y0: float, x1: float, y1: float) -> str:
    box = f"{x0} {y0} {max(x1 - x0, 0.1)} {max(y1 - y0, 0.1)}"
    return (
        f'<ofd:PathObject ID="8" Boundary="{box}" LineWidth="0.3"><ofd:AbbreviatedData>'
        f"M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def page(*objects: str, before: str = "") -> str:
    """Write a page of objects."""
    return (
        f"<ofd:Page {_NAMES}>{before}<ofd:Content><ofd:Layer ID='7'>{''.join(objects)}</ofd:Layer>"
        "</ofd:Content></ofd:Page>"
    )


def ofd(pages: Sequence[str], common: str = "", after: str = "", **parts: str | bytes) -> bytes:
    """Write a file of one document; `parts` are further ones, with _ for / and . in their names."""
    listed = "".join(
        f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages))
    )
    written: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {_NAMES} Version='1.0' DocType='OFD'><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml"
        "</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_NAMES}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{A4}"
        f"</ofd:PhysicalBox></ofd:PageArea>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{after}</ofd:Document>",
        **{f"Doc_0/Pages/Page_{n}/Content.xml": content for n, content in enumerate(pages)},
        **{
            name.replace("__", "/").replace("_dot_", "."): content
            for name, content in parts.items()
        },
    }
    return packed(written)


def packed(parts: dict[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in parts.items():
            archive.writestr(name, words)
    return content.getvalue()
