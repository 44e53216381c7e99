"""An import report, laid out for reading: by action, then by what was done, with the first few cells of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.transfer.reading.proposal import Item
from app.transfer.sentences import ACTIONS, ASKED, SAID


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
        found.setdefault(item["action"], {}).setdefault(item["code"], []).append(item)
    return [
        Chapter(action, sentence, [Group(said(code, listed[0]), listed) for code, listed in found[action].items()])
        for action, sentence in ACTIONS.items()
        if action in found
    ]


def said(code: str, item: Mapping[str, Any]) -> Any:
    """The sentence of a code; a question is put with what it is about."""
    if code in ASKED:
        return ASKED[code] % {"found": item["found"], "about": item["about"] or item["field"]}
    return SAID[code]


def question(item: Item) -> Any:
    return ASKED[item.code] % {"found": item.found or "", "about": item.about or item.field}


def where(item: Mapping[str, Any]) -> str:
    """Sheet and row, as a person looks them up."""
    parts = [item["sheet"], str(item["row"]) if item["row"] else None, item["field"]]
    return " · ".join(part for part in parts if part)
