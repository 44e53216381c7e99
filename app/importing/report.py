"""An import report, laid out for reading: by action, then by what was done, with the first few cells of each."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.availability.models import Absence
from app.importing.proposal import Item
from app.importing.sentences import ACTIONS, ANSWERS, ASKED, COLOURS, FIELD_NAMES, KINDS, MODES, SAID
from app.meetings.phrases import absence

# Fields of the report that are no heading in the file.
OVER_COLUMNS = "column_likely"  # the question that is answered by a menu over its column
WAYS_TO_WRITE = frozenset(
    [
        *("date_iso", "date_text", "date_cell", "period_text", "region_read", "yes_no_text", "seats_text"),
        *("joined_new_year", "joined_first_turn", "answered", "column_meaning", "title_apart", "form_of_address"),
    ]
)
_DAY = r"\d{4}-\d\d-\d\d"
DAYS = re.compile(rf"\b({_DAY})(?:/({_DAY}))?(?: weekday (\d))?( host)?\b|\bweekday ([0-6])( host)?\b")
SPAN = re.compile(rf"({_DAY})/({_DAY})")
IN_SHORT = ("dropped", "ignored", "repaired")  # actions nobody has to look over
NO_HEADING = ("row", "sheet", "encoding", "joined", "organisation", "network")


@dataclass(frozen=True)
class Group:
    """Items that share one sentence."""

    sentence: Any
    items: list[Mapping[str, Any]]


@dataclass(frozen=True)
class Chapter:
    """All of one action."""

    action: str
    sentence: Any
    groups: list[Group]

    @property
    def count(self) -> int:
        return sum(len(group.items) for group in self.groups)


@dataclass(frozen=True)
class Kind:
    """Open questions of one kind."""

    title: Any
    questions: list[Item]

    @property
    def proposed(self) -> bool:
        """Whether each has a proposal, so that nobody has to look."""
        return all(item.proposal for item in self.questions)


def chapters(items: Iterable[Mapping[str, Any]]) -> list[Chapter]:
    found: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for item in items:
        kind = item["question"] if item["action"] == "asked" else item["code"]
        found.setdefault(item["action"], {}).setdefault(kind, []).append(item)
    return [
        Chapter(action, sentence, [Group(said(listed[0]), listed) for listed in found[action].values()])
        for action, sentence in ACTIONS.items()
        if action in found
    ]


def said(item: Mapping[str, Any]) -> Any:
    """The sentence of an item; a question is put with what it is about."""
    code = item["code"]
    if code in ASKED:
        return ASKED[code] % {"found": item["found"], "about": about(item) or item["field"]}
    return SAID[code]


def guesses(items: Iterable[Mapping[str, Any]]) -> tuple[list[Group], list[Group]]:
    """What was refused, then what was told, rule by rule; apart from it what is only another way to write it."""
    found = {chapter.action: chapter.groups for chapter in chapters(items)}
    told = found.get("told", ())
    usual = [group for group in told if group.items[0]["code"] in WAYS_TO_WRITE]
    return [*found.get("refused", ()), *(group for group in told if group not in usual)], usual


def kinds(questions: Iterable[Item]) -> list[Kind]:
    """Open questions by kind, what matters most first; those of columns are put over their columns."""
    by_code: dict[str, list[Item]] = {}
    for item in questions:
        by_code.setdefault(item.code, []).append(item)
    by_code.pop(OVER_COLUMNS, None)
    found = ((title, [item for code in codes for item in by_code.get(code, ())]) for title, codes in KINDS.values())
    return [Kind(title, listed) for title, listed in found if listed]


def plainly(text: object) -> Any:
    """With days and weekdays as people write them: "2027-02-22/2027-02-28" is for machines."""
    return DAYS.sub(_in_words, text) if isinstance(text, str) else text


def kept(item: Mapping[str, Any]) -> Any:
    """What was made of a cell, in words."""
    value = item["kept"]
    if item["code"].startswith("column_"):
        return FIELD_NAMES.get(value, "–")
    if item["code"] == "mode_by_history":
        return MODES[value]
    return "–" if value is None else ANSWERS["yes" if value else "no"] if isinstance(value, bool) else plainly(value)


def _in_words(found: re.Match[str]) -> str:
    first, last, within, only, weekly, only_weekly = found.groups()
    try:
        begin, end = (date.fromisoformat(each) if each else None for each in (first, last or first))
    except ValueError:
        return found[0]  # a cell that only looks like one of our days
    weekday = within or weekly
    return absence(Absence(first=begin, last=end, weekday=int(weekday) if weekday else None, only=only or only_weekly))


def typed(text: str) -> str:
    """A proposal of days as somebody would type it: "22-2-2027 t/m 28-2-2027"."""
    return SPAN.sub(lambda found: f"{_figures(found[1])} t/m {_figures(found[2])}", text)


def _figures(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.day}-{found.month}-{found.year}"


def about(item: Mapping[str, Any]) -> str:
    """Whom or what it concerns; a colour in words of the reader."""
    *parts, last = item["about"].split(", ")
    if item["code"] == "membership_gone":  # the day they joined only keeps apart who joined twice
        return ", ".join(parts)
    return ", ".join([*parts, str(COLOURS.get(last, last) if "coloured" in item["code"] else last)])


def question(item: Item) -> Any:
    return said(item.as_json())


def where(item: Mapping[str, Any]) -> str:
    """Sheet, row and heading, as a person looks them up."""
    row = str(item["row"]) if item["row"] else ""
    return " · ".join(part for part in (item["sheet"], row, item["field"]) if part and part not in NO_HEADING)


def kind(item: Item) -> str:
    """The type of field in which a question is answered."""
    if item.code in ("date_only_week", "date_other_weekday", "date_unclear"):
        return "date"
    return {"seats_unclear": "number", "address_missing": "email"}.get(item.code, "text")
