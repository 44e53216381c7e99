"""A binary workbook of texts, as small as readers take it ([MS-XLSB]: records of a number, a size and their bytes)."""

import struct

from tests.importing.hostile import OFFICE, RELATIONS, TYPES, zipped

Rows = list[tuple[str, ...]]


def xlsb(rows: Rows) -> bytes:
    start = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.bin"/>'
    relation = f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.bin"/>'
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{TYPES}"/>',
            "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">{start}</Relationships>',
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>',
            "xl/workbook.bin": _workbook(),
            "xl/worksheets/sheet1.bin": _sheet(rows),
        }
    )


def _workbook() -> bytes:
    sheet = struct.pack("<II", 0, 1) + _text("rId1") + _text("Leden")
    return _record(131) + _record(143) + _record(156, sheet) + _record(144) + _record(132)


def _sheet(rows: Rows) -> bytes:
    corners = struct.pack("<4I", 0, len(rows) - 1, 0, len(rows[0]) - 1)
    lines = b"".join(_row(n) + b"".join(_cell(c, text) for c, text in enumerate(row)) for n, row in enumerate(rows))
    return _record(129) + _record(148, corners) + _record(145) + lines + _record(146) + _record(130)


def _row(number: int) -> bytes:
    return _record(0, struct.pack("<IIHHB", number, 0, 300, 0, 0) + struct.pack("<I", 0))


def _cell(column: int, text: str) -> bytes:
    return _record(6, struct.pack("<II", column, 0) + _text(text))


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(number: int, content: bytes = b"") -> bytes:
    kind = bytes([number & 0x7F | 0x80, number >> 7]) if number > 127 else bytes([number])
    size, left = b"", len(content)
    while True:
        size += bytes([left & 0x7F | (0x80 if left > 127 else 0)])
        left >>= 7
        if not left:
            return kind + size + content
