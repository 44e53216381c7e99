"""An import report, laid out for reading: by action, then by what was done, with the first few cells of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.importing.proposal import Item
from app.importing.sentences import ACTIONS, ASKED, SAID

# Fields of the report that are no heading in the file.
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
        return ASKED[code] % {"found": item["found"], "about": item["about"] or item["field"]}
    return SAID[code]


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
