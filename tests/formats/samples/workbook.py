"""Workbooks (.xlsx) made of rows."""

import io
import zipfile
from xml.sax.saxutils import escape

OOXML = "http://schemas.openxmlformats.org"
OFFICE = f"{OOXML}/officeDocument/2006/relationships"
MAIN = f"{OOXML}/spreadsheetml/2006/main"


def workbook(*sheets: list[list[object]]) -> bytes:
    """A spreadsheet with as little as there must be in it."""
    numbered = list(enumerate(sheets, 1))
    listed = "".join(f'<sheet name="sheet{n}" sheetId="{n}" r:id="r{n}"/>' for n, _ in numbered)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{OOXML}/package/2006/content-types"/>',
        "_rels/.rels": relationships(("r", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relationships(*((f"r{n}", "worksheet", f"sheet{n}.xml") for n, _ in numbered)),
    }
    for number, rows in numbered:
        body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
        parts[f"xl/sheet{number}.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def relationships(*rows: tuple[str, str, str]) -> str:
    body = "".join(f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{to}"/>' for key, kind, to in rows)
    return f'<Relationships xmlns="{OOXML}/package/2006/relationships">{body}</Relationships>'


def cell(value: object) -> str:
    if isinstance(value, (int, float)):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
