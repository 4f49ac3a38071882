"""Word files for tests, written part by part so that each holds exactly what a test is about."""

import io
import zipfile

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_MAIN = "document.main+xml"


def p(*content: str, properties: str = "") -> str:
    """A paragraph; what is not markup becomes a run of plain words."""
    runs = "".join(each if each.startswith("<") else run(each) for each in content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def styled(style: str, *content: str) -> str:
    return p(*content, properties=f'<w:pStyle w:val="{style}"/>')


def numbered(num: int, level: int, *content: str) -> str:
    return p(*content, properties=num_pr(num, level))


def num_pr(num: int, level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>'


def level(
    at: int,
    form: str,
    text: str,
    *,
    start: int = 1,
    suffix: str = "",
    more: str = "",
    after: str = "",
) -> str:
    """A numbering level; `more` stands before its text, `after` behind it, as the schema wants."""
    suff = f'<w:suff w:val="{suffix}"/>' if suffix else ""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}{suff}'
        f'<w:lvlText w:val="{text}"/>{after}</w:lvl>'
    )


def abstract(identity: int, *levels: str, more: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{identity}">'
        f'<w:multiLevelType w:val="multilevel"/>{more}{"".join(levels)}</w:abstractNum>'
    )


def num(identity: int, of: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{identity}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def override(at: int, start: int) -> str:
    return f'<w:lvlOverride w:ilvl="{at}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def style(
    identity: str,
    name: str,
    *,
    based_on: str = "",
    p_pr: str = "",
    r_pr: str = "",
    kind: str = "paragraph",
    default: bool = False,
) -> str:
    parent = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    first = ' w:default="1"' if default else ""
    return (
        f'<w:style w:type="{kind}"{first} w:styleId="{identity}"><w:name w:val="{name}"/>{parent}'
        f"<w:pPr>{p_pr}</w:pPr><w:rPr>{r_pr}</w:rPr></w:style>"
    )


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def cell(*content: str, span: int = 1, merge: str = "") -> str:
    blocks = "".join(each if each.startswith("<w:") else p(each) for each in content)
    grid = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    return f"<w:tc><w:tcPr>{grid}{merged}</w:tcPr>{blocks or p()}</w:tc>"


def part(root: str, content: str) -> str:
    """An XML part whose root element is w:`root`."""
    return f"{_HEAD}<w:{root} {_DECLARED}>{content}</w:{root}>"


def field_of(instruction: str, *result: str, begin: str = "") -> str:
    """A field in its long form; `begin` is what stands in its first character."""
    shown = "".join(each if each.startswith("<") else run(each) for each in result)
    separated = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{shown}' if result else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{begin}</w:fldChar></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>{separated}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def text_box(*paragraphs: str) -> str:
    """A shape with text, written twice as Word does: for itself and for older programs."""
    content = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor>'
        '<wp:extent cx="3600000" cy="1800000"/><a:graphic><a:graphicData><wps:wsp><wps:txbx>'
        f"{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
        '</mc:Choice><mc:Fallback><w:pict><v:shape style="width:283pt;height:142pt"><v:textbox>'
        f"{content}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def picture(width_cm: float, height_cm: float) -> str:
    size = f'cx="{int(width_cm * 360_000)}" cy="{int(height_cm * 360_000)}"'
    return (
        f"<w:r><w:drawing><wp:inline><wp:extent {size}/><a:graphic><a:graphicData><pic:pic>"
        '<pic:blipFill><a:blip r:embed="rId9"/></pic:blipFill></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r>"
    )


def docx(
    body: str,
    *,
    numbering: str = "",
    styles: str = "",
    footnotes: str = "",
    endnotes: str = "",
    comments: str = "",
    settings: str = "",
    headers: tuple[str, ...] = (),
    footers: tuple[str, ...] = (),
    section: str = "",
    extra: dict[str, tuple[str, bytes]] | None = None,
    main_type: str = _MAIN,
) -> bytes:
    """A .docx; headers and footers have the relationships rIdheader1, rIdfooter1, …

    `extra` holds parts below word/ by name, each with the kind of its relationship.
    """
    parts: dict[str, tuple[str, str, bytes]] = {}  # name -> kind, content type, content
    for kind, content in (
        ("numbering", numbering), ("styles", styles), ("footnotes", footnotes),
        ("endnotes", endnotes), ("comments", comments), ("settings", settings),
    ):  # fmt: skip
        if content:
            parts[f"{kind}.xml"] = (kind, f"{_WORD}{kind}+xml", part(kind, content).encode())
    for kind, root, contents in (("header", "hdr", headers), ("footer", "ftr", footers)):
        for count, content in enumerate(contents, 1):
            parts[f"{kind}{count}.xml"] = (
                kind, f"{_WORD}{kind}+xml", part(root, content).encode()
            )  # fmt: skip
    for name, (kind, content) in (extra or {}).items():
        parts[name] = (kind, "application/octet-stream", content)
    return _zip(
        {
            "[Content_Types].xml": _content_types(parts, main_type).encode(),
            "_rels/.rels": _relationships({"rId1": ("officeDocument", "word/document.xml")}),
            "word/document.xml": part(
                "document", f"<w:body>{body}<w:sectPr>{section}</w:sectPr></w:body>"
            ).encode(),
            "word/_rels/document.xml.rels": _relationships(
                {f"rId{name.split('.')[0]}": (kind, name) for name, (kind, _, _) in parts.items()}
            ),
            **{f"word/{name}": content for name, (_, _, content) in parts.items()},
        }
    )


def rewritten(content: bytes, changes: dict[str, bytes | None]) -> bytes:
    """The zip with some members replaced, added, or (None) left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    members.update(changes)
    return _zip({name: data for name, data in members.items() if data is not None})


def _zip(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def _relationships(targets: dict[str, tuple[str, str]]) -> bytes:
    entries = "".join(
        f'<Relationship Id="{identity}" Type="{_RELATION}{kind}" Target="{target}"/>'
        for identity, (kind, target) in targets.items()
    )
    return f'{_HEAD}<Relationships xmlns="{_RELATIONSHIPS}">{entries}</Relationships>'.encode()


def _content_types(parts: dict[str, tuple[str, str, bytes]], main_type: str) -> str:
    overrides = "".join(
        f'<Override PartName="/word/{name}" ContentType="{kind}"/>'
        for name, (_, kind, _) in {**parts, "document.xml": ("", _WORD + main_type, b"")}.items()
    )
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f"{overrides}</Types>"
    )
