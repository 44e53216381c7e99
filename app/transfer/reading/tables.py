"""What a file looks like once it is open: sheets of lines of cells, whatever it was saved by."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

Value = str | int | float | bool | date | None
LONGEST_TEXT = 4_000


@dataclass(frozen=True)
class Limits:
    cells: int = 30_000
    bytes: int = 40 * 1024 * 1024
    lines: int = 10_000
    columns: int = 200
    organisations: int = 2_000


UPLOAD = Limits()
COMMAND = Limits(cells=2_000_000, bytes=400 * 1024 * 1024, lines=150_000, organisations=20_000)


class Unreadable(Exception):
    """A file that cannot be read; `code` names the sentence in `app.transfer.sentences`, `file` the file."""

    def __init__(self, code: str, file: str = "", **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = {"file": file, **params}


@dataclass(frozen=True, slots=True)
class Cell:
    value: Value = None
    link: str = ""  # where a hyperlink on it leads
    formula: str = ""  # a formula whose result the file does not hold
    merged: str = ""  # "A7:A8" on the first cell of a merged range
    filled: bool = False  # its value stands in the first cell of a merged range
    ditto: str = ""  # what was written in place of the value above
    struck: bool = False
    coloured: bool = False
    short_format: bool = False  # a date shown without its year

    @property
    def text(self) -> str:
        """As a person would read it aloud: 12 not 12.0, 2027-03-09 not midnight."""
        if isinstance(self.value, str):
            return self.value
        if self.value is None:
            return ""
        if isinstance(self.value, datetime):
            return (self.value.date() if self.value.time().isoformat() == "00:00:00" else self.value).isoformat()
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        return str(self.value)

    @property
    def empty(self) -> bool:
        return not ((self.value is not None and self.text.strip()) or self.link or self.formula)


@dataclass(frozen=True)
class Line:
    number: int  # the row a spreadsheet shows; the record in a text file
    cells: tuple[Cell, ...]
    hidden: bool = False

    @cached_property
    def written(self) -> list[Cell]:
        """The cells somebody filled in."""
        return [cell for cell in self.cells if not cell.empty and not cell.filled]

    @property
    def struck(self) -> bool:
        written = self.written
        return bool(written) and sum(cell.struck for cell in written) * 2 > len(written)

    @property
    def coloured(self) -> bool:
        written = self.written
        return bool(written) and all(cell.coloured for cell in written)

    def cell(self, column: int) -> Cell:
        return self.cells[column] if column < len(self.cells) else Cell()


@dataclass(frozen=True)
class Sheet:
    file: str
    name: str  # "" in a text file, which has only one
    lines: tuple[Line, ...]
    hidden: bool = False
    since_1904: bool = False


@dataclass(frozen=True)
class Opened:
    file: str
    encoding: str  # "xlsx", or that of the text
    sheets: tuple[Sheet, ...] = field(default=())
    large: bool = False  # read row by row, without looks
