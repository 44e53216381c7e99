"""What a file looks like once it is open: sheets of lines of cells, whatever it was saved by."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

Value = str | int | float | bool | date | time | None
LONGEST_TEXT = 4_000


@dataclass(frozen=True)
class Limits:
    """What is read of one file, and what reading a workbook may cost the process that does it."""

    cells: int = 30_000
    area: int = 500_000  # of the smallest rectangles around the cells of all sheets
    bytes: int = 24 * 1024 * 1024  # unpacked
    letters: int = 8 * 1024 * 1024  # of texts that differ
    lines: int = 10_000
    columns: int = 200
    organisations: int = 2_000
    seconds: float = 1.5  # of processor time
    memory: int = 48 * 1024 * 1024


UPLOAD = Limits()
COMMAND = Limits(
    cells=2_000_000,
    area=4_000_000,
    bytes=400 * 1024 * 1024,
    letters=200 * 1024 * 1024,
    lines=150_000,
    organisations=20_000,
    seconds=120,
    memory=512 * 1024 * 1024,
)


class Unreadable(Exception):
    """A file that cannot be read; `code` names the sentence in `app.importing.sentences`, `file` the file."""

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
    colour: str = ""  # of its background, by name
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
        value = self.value
        if value is not None and not (isinstance(value, str) and (not value or value.isspace())):
            return False
        return not (self.link or self.formula)

    @property
    def own(self) -> bool:
        """Whether somebody filled it in, rather than a merged cell above it."""
        return not self.filled and not self.empty


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Line:
    number: int  # the row a spreadsheet shows; the record in a text file
    cells: tuple[Cell, ...]
    hidden: bool = False

    @property
    def written(self) -> list[Cell]:
        """The cells somebody filled in."""
        return [cell for cell in self.cells if cell.own]

    @property
    def first(self) -> Cell:
        return next((cell for cell in self.cells if cell.own), EMPTY)

    @property
    def alone(self) -> Cell | None:
        """The one cell somebody filled in, when it is just one."""
        own = (cell for cell in self.cells if cell.own)
        first = next(own, None)
        return first if next(own, None) is None else None

    @property
    def struck(self) -> bool:
        struck = sum(cell.struck for cell in self.cells)
        return bool(struck) and sum(cell.struck for cell in self.written) * 2 > len(self.written)

    @property
    def colour(self) -> str:
        """That of the first cell, when all cells somebody filled in have one."""
        colour = self.first.colour
        return colour if colour and all(cell.colour for cell in self.written) else ""

    def cell(self, column: int) -> Cell:
        return self.cells[column] if column < len(self.cells) else EMPTY


@dataclass(frozen=True)
class Sheet:
    file: str
    name: str  # "" in a text file, which has only one
    lines: tuple[Line, ...]
    hidden: bool = False
    since_1904: bool = False
    addresses: bool = False  # the address line of a mail: it names no organisations
    hidden_columns: frozenset[int] = frozenset()  # from 1


@dataclass(frozen=True)
class Opened:
    file: str
    encoding: str  # "xlsx", "xls" and the like, or that of the text
    sheets: tuple[Sheet, ...] = field(default=())
    looks: bool = True  # whether what is hidden, struck through, coloured or linked was seen
    doubtful: str = ""  # words that show whether a guessed encoding is right
