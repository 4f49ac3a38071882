"""A basket as a workbook: a row for each quote; no text in it is ever run as a formula."""

import io
import zipfile
from datetime import datetime, time

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from retrieval.basket import Kept
from retrieval.material import FORMS, TITLE, Material
from retrieval.packing import repack
from retrieval.spreadsheet import write_cell

# Each column with its width in characters.
_COLUMNS = {
    "序号": 6, "引文": 60, "标题": 36, "文号": 20, "发文机关": 22, "地区": 12, "日期": 12,
    "时效": 12, "位置": 22, "页码": 8, "批注": 30, **dict.fromkeys(FORMS.values(), 40), "核对": 16,
    "文件": 30,
}  # fmt: skip


def write_sheet(material: Material) -> bytes:
    """Return the basket as .xlsx, in the reader's order; of what may not be cited only what was
    kept is there, with the reason."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = material.say(TITLE)
    for column, (head, width) in enumerate(_COLUMNS.items(), start=1):
        cell = sheet.cell(1, column)
        write_cell(cell, material.say(head))
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for number, kept in enumerate(material.kept, start=1):
        row = _row(number, kept, material)
        for column, name in enumerate(_COLUMNS, start=1):
            write_cell(sheet.cell(number + 1, column), row.get(name, ""))
    sheet.freeze_panes = "C2"
    return _save(workbook, material)


def _row(number: int, kept: Kept, material: Material) -> dict[str, str | int]:
    """Return a row by the names of its columns."""
    item, citation, say = kept.item, kept.citation, material.say
    row: dict[str, str | int] = {"序号": number, "批注": item.note, "文件": item.document}
    if citation is None:
        quote = f"{say('〔未核实〕')}{item.quote}"
        return {**row, "引文": quote, "标题": item.title, "核对": material.reason(kept)}
    source = citation.source
    return {
        **row,
        "引文": citation.quote,
        "标题": source.title,
        "文号": source.doc_number,
        "发文机关": source.issuer,
        "地区": say(source.locality),
        "日期": source.issued_on,
        "时效": say(source.status),
        "位置": citation.place,
        "页码": "、".join(map(str, citation.pages)),
        **{name: getattr(citation.forms, form) for form, name in FORMS.items()},
        "核对": say("与原文一致"),
    }


def _save(workbook: Workbook, material: Material) -> bytes:
    facts = workbook.properties
    facts.creator, facts.title = "", material.say(TITLE)
    facts.created = facts.modified = datetime.combine(material.day, time())
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        ExcelWriter(workbook, archive).save()  # Workbook.save() would say when
    return repack(written.getvalue())
