"""What hosts and preparers have to think of, by days from the meeting, and which mail of the ladder asks for it.

An item is done when somebody ticks it; one with a `fact` is done when that is so (accepted, a topic is there).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """`days` from the day of the meeting (negative = before); `step`: the mail that asks for it."""

    id: str
    days: int
    step: str | None = None
    fact: bool = False


HOST_ITEMS = (
    Item("accepted", -42, "H1", fact=True),
    Item("room", -42, "H1"),
    Item("access", -42, "H1"),
    Item("second_contact", -42, "H1"),
    Item("house_rules", -28, "H2"),
    Item("route", -14, "H3"),
    Item("reception", -14, "H3"),
    Item("equipment", -14, "H3"),
    Item("coffee", -14, "H3"),
    Item("names", -2, "H4"),
    Item("telephone", -2, "H4"),
    Item("set_up", -2, "H4"),
    Item("welcome", 0),
    Item("head_count", 1, fact=True),
    Item("thanks", 1),
)
CALL_ITEMS = (
    Item("link", -7, "H1", fact=True),
    Item("second_host", -7, "H1"),
    Item("recording", -7, "H1"),
    Item("link_tested", -1, "H4"),
)
PREPARER_ITEMS = (
    Item("partner", -42, "P1"),
    Item("topic", -42, "P1", fact=True),
    Item("last_record", -42, "P1"),
    Item("guest", -28, "P2"),
    Item("programme", -14, "P3", fact=True),
    Item("reading", -14, "P3"),
    Item("question", -14, "P3"),
    Item("next_time", 1),
)
ONLINE_DAYS = {-42: -21, -28: -14, -14: -7}  # preparing a meeting online begins later
WITH_PARTNER = ("partner",)


def items(kind: str, *, online: bool, opens: bool, partner: bool) -> tuple[Item, ...]:
    """Return the checklist of a host or of a preparer, by day; online the first preparer `opens` the call.

    `kind`: "host" or "preparation". `partner`: somebody else prepares too.
    """
    if kind == "host":
        return HOST_ITEMS
    own = [each for each in PREPARER_ITEMS if partner or each.id not in WITH_PARTNER]
    if online:
        own = [Item(each.id, ONLINE_DAYS.get(each.days, each.days), each.step, each.fact) for each in own]
    return tuple(sorted([*own, *(CALL_ITEMS if online and opens else ())], key=lambda each: each.days))


def silent(listed: Iterable[Item], done: Collection[str]) -> frozenset[str]:
    """Return the steps that need no mail: all they ask for is done, and so are the facts earlier ones ask for."""
    listed = [each for each in listed if each.step]
    steps = {each.step for each in listed if each.step}
    return frozenset(step for step in steps if all(each.id in done for each in listed if _asks(step, each)))


def _asks(step: str, item: Item) -> bool:
    earlier = item.fact and item.step is not None and item.step[0] == step[0] and item.step < step
    return item.step == step or earlier
