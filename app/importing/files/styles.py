"""What the styles of an Excel workbook look like to a person: struck through, coloured, a day without its year."""

import colorsys
import re
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from app.importing.files.zip_bounds import Attributes, Element

# The colours that old workbooks name by number, from 8 on (ECMA-376, 18.8.27).
_INDEXED = """
    000000 ffffff ff0000 00ff00 0000ff ffff00 ff00ff 00ffff 800000 008000 000080 808000 800080 008080 c0c0c0 808080
    9999ff 993366 ffffcc ccffff 660066 ff8080 0066cc ccccff 000080 ff00ff ffff00 00ffff 800080 800000 008080 0000ff
    00ccff ccffff ccffcc ffff99 99ccff ff99cc cc99ff ffcc99 3366ff 33cccc 99cc00 ffcc00 ff9900 ff6600 666699 969696
    003366 339966 003300 333300 993300 993366 333399 333333
"""
INDEXED = _INDEXED.split()
# Light and dark, then the six accents, as a theme has them when it says nothing else.
THEME = ["ffffff", "000000", "e7e6e6", "44546a", "4472c4", "ed7d31", "a5a5a5", "ffc000", "5b9bd5", "70ad47"]
SWAPPED = (1, 0, 3, 2)  # a theme lists dark before light, cells count light before dark
HUES = ((20, "red"), (48, "orange"), (70, "yellow"), (170, "green"), (260, "blue"), (300, "purple"), (345, "pink"))
DAY_WITHOUT_YEAR = 16  # the number of the built-in format "d-mmm"
T = TypeVar("T")
MOST = 65_536  # styles a workbook may have
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


class Look(NamedTuple):
    struck: bool = False
    colour: str = ""
    no_year: bool = False


PLAIN = Look()


@dataclass
class Styles:
    """Reads the elements of the style sheet and the theme; odd entries look plain."""

    theme: list[str] = field(default_factory=list)
    _within: str = ""
    _fonts: list[bool] = field(default_factory=list)
    _fills: list[str] = field(default_factory=list)
    _solid: bool = False
    _formats: dict[str, bool] = field(default_factory=dict)
    _styles: list[tuple[str, str, str]] = field(default_factory=list)  # numbers of font, fill and format

    @property
    def elements(self) -> dict[str, Element]:
        containers = ("fonts", "fills", "cellXfs", "dxfs", "cellStyleXfs", "borders", "cellStyles", "tableStyles")
        found: dict[str, Element] = {name: self._container(name) for name in containers}
        own = {
            "font": self._font,
            "strike": self._strike,
            "fill": self._fill,
            "patternFill": self._pattern,
            "fgColor": self._colour,
            "numFmt": self._format,
            "xf": self._style,
            "srgbClr": self._of_theme,
            "sysClr": self._of_theme,
        }
        return found | own

    def look(self, number: str) -> Look:
        if not number.isdecimal() or int(number) >= len(self._styles):
            return PLAIN
        font, fill, form = self._styles[int(number)]
        return Look(
            _entry(self._fonts, font, False),
            self._named(_entry(self._fills, fill, "")),
            form == str(DAY_WITHOUT_YEAR) or self._formats.get(form, False),
        )

    def _named(self, colour: str) -> str:
        kind, _colon, value = colour.partition(":")
        if kind == "theme":
            number = int(value)
            listed = self.theme if len(self.theme) > 9 else THEME
            value = listed[SWAPPED[number] if number < 4 and listed is self.theme else number] if number < 10 else ""
        elif kind == "indexed":
            value = INDEXED[(int(value) - 8) if int(value) > 7 else int(value)] if int(value) < 64 else ""
        return name_of(value)

    def _container(self, name: str) -> Element:
        def enter(_attributes: Attributes) -> None:
            self._within = name

        return enter

    def _font(self, _attributes: Attributes) -> None:
        if self._within == "fonts" and len(self._fonts) < MOST:
            self._fonts.append(False)

    def _strike(self, attributes: Attributes) -> None:
        if self._within == "fonts" and self._fonts:
            self._fonts[-1] = attributes.get("val", "1") not in ("0", "false")

    def _fill(self, _attributes: Attributes) -> None:
        if self._within == "fills" and len(self._fills) < MOST:
            self._fills.append("")
            self._solid = False

    def _pattern(self, attributes: Attributes) -> None:
        self._solid = attributes.get("patternType") == "solid"

    def _colour(self, attributes: Attributes) -> None:
        if self._within == "fills" and self._fills and self._solid:
            rgb = attributes.get("rgb", "")[-6:].lower()
            numbered = next((k for k in ("theme", "indexed") if attributes.get(k, "").isdecimal()), "")
            self._fills[-1] = f"rgb:{rgb}" if rgb else f"{numbered}:{attributes[numbered]}" if numbered else ""

    def _format(self, attributes: Attributes) -> None:
        form = QUOTED.sub("", attributes.get("formatCode", "")).lower()
        if len(self._formats) < MOST:
            self._formats[attributes.get("numFmtId", "")] = "d" in form and "y" not in form

    def _style(self, attributes: Attributes) -> None:
        if self._within == "cellXfs" and len(self._styles) < MOST:
            font, fill, form = (attributes.get(name, "0") for name in ("fontId", "fillId", "numFmtId"))
            self._styles.append((font, fill, form))

    def _of_theme(self, attributes: Attributes) -> None:
        if len(self.theme) < 12:
            self.theme.append(attributes.get("lastClr", attributes.get("val", "")).lower())


def _entry(listed: list[T], number: str, otherwise: T) -> T:
    return listed[int(number)] if number.isdecimal() and int(number) < len(listed) else otherwise


def name_of(rgb: str) -> str:
    """What a person would call it; "" for white and what is no colour."""
    if not re.fullmatch("[0-9a-f]{6}", rgb):
        return ""
    hue, light, strength = colorsys.rgb_to_hls(*(int(rgb[n : n + 2], 16) / 255 for n in (0, 2, 4)))
    if light > 0.97:
        return ""
    if light < 0.12:
        return "black"
    if strength < 0.12:
        return "grey"
    return next((name for most, name in HUES if hue * 360 < most), "red")
