"""Characters of symbol fonts, whose codes say nothing without the font, as Unicode's own."""

# By the low byte of the code: 6F in Wingdings, written "o" or U+F06F, is an empty box.
_WINGDINGS = (
    "22✂ 28☎ 29✆ 2A✉ 36⌛ 3F✍ 45☜ 46☞ 47☝ 48☟ 4A☺ 4C☹ 4E☠ 52☼ 6C● 6D❍ "
    "6E■ 6F□ 70□ 71❑ 72❒ 73◆ 74◆ 75◆ 76❖ 77◆ 78☒ 80⓪ 81① 82② 83③ 84④ "
    "85⑤ 86⑥ 87⑦ 88⑧ 89⑨ 8A⑩ 8B⓿ 8C❶ 8D❷ 8E❸ 8F❹ 90❺ 91❻ 92❼ 93❽ 94❾ "
    "95❿ 9E· 9F• A1○ A4◉ A5◎ A7▪ A8□ AA✦ AB★ AC✶ AD✴ AE✹ AF✵ B5✪ B6✰ "
    "D8➢ DC➲ DF← E0→ E1↑ E2↓ E3↖ E4↗ E5↙ E6↘ E8➔ EF⇦ F0⇨ F1⇧ F2⇩ F3⇔ "
    "FB✗ FC✓ FD☒ FE☑"
)
_WINGDINGS_2 = (
    "4F✗ 50✓ 51☒ 52☑ 53☒ 54☒ 69⓪ 6A① 6B② 6C③ 6D④ 6E⑤ 6F⑥ 70⑦ 71⑧ 72⑨ "
    "73⑩ 74⓿ 75❶ 76❷ 77❸ 78❹ 79❺ 7A❻ 7B❼ 7C❽ 7D❾ 7E❿ 96● 97● A2■ A3□ "
    "AE◆"
)
_WINGDINGS_3 = "70▲ 71▼ 72△ 73▽ 74◀ 75▶ 76◁ 77▷ 7D▶"
_WEBDINGS = "33◀ 34▶ 35▲ 36▼ 61✓ 63□ 67■ 6E● 72✗"
_SYMBOL_20 = (
    " !∀#∃%&∍()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
    "[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
)
_SYMBOL_A0 = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑"


def _by_code(table: str) -> dict[int, str]:
    return {int(entry[:2], 16): entry[2:] for entry in table.split()}


_FONTS = {
    "wingdings": _by_code(_WINGDINGS),
    "wingdings 2": _by_code(_WINGDINGS_2),
    "wingdings 3": _by_code(_WINGDINGS_3),
    "webdings": _by_code(_WEBDINGS),
    "symbol": dict(enumerate(_SYMBOL_20, 0x20)) | dict(enumerate(_SYMBOL_A0, 0xA0)),
}
_PRIVATE = range(0xE000, 0xF900)
_SYMBOL_AREA = range(0xF000, 0xF100)  # where Word keeps the codes of symbol fonts


def is_symbol_font(font: str) -> bool:
    """Tell a font whose codes are not Unicode's."""
    return font.lower() in _FONTS


def read_symbol(character: str, font: str) -> str:
    """Return what a character looks like in a font; itself where that is not known."""
    code = ord(character)
    table = _FONTS.get(font.lower(), {})
    if code in _SYMBOL_AREA:
        return table.get(code & 0xFF, character)
    return table.get(code, character) if code < 0x100 else character


def is_unknown(character: str) -> bool:
    """Tell a character that only its own font can show."""
    return ord(character) in _PRIVATE
