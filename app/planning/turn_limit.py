"""How many turns, hosting and preparing together, one organisation is to have in a year at most."""

from collections import Counter
from collections.abc import Iterable

from app.meetings.row import Row
from scheduling.model.network import IN_PERSON, ONLINE, Meeting, Network

ANY_NUMBER = 0  # what is asked for where there is to be no limit
LEAST_USUAL = 2


def limit(network: Network, asked: int | None, published: Iterable[Row]) -> int | None:
    """Return the limit for a year: as asked, else the usual one; None for any number of turns.

    What is published was agreed on, by a swap perhaps: nobody's turn is taken away again for the limit's sake.
    """
    if asked == ANY_NUMBER:
        return None
    turns = turns_in(published)
    return max([usual(network) if asked is None else asked, *turns.values()])


def usual(network: Network) -> int:
    """Return an equal share of all turns and one more, so that whoever is far behind catches up over the years."""
    hosts = sum(_hosted(meeting) and bool(network.may_host(meeting)) for meeting in network.meetings)
    turns = hosts + network.preparers_per_meeting * len(network.meetings)
    able = {o for m in network.meetings for o in (*network.may_host(m), *network.may_prepare(m))}
    return max(LEAST_USUAL, -(-turns // max(1, len(able))) + 1)


def _hosted(meeting: Meeting) -> bool:
    return IN_PERSON in (meeting.format, meeting.prefer) or ONLINE not in (meeting.format, meeting.prefer)


def turns_in(rows: Iterable[Row]) -> Counter[int]:
    """Return how many turns each organisation has in these rows."""
    held = [row for row in rows if not row.cancelled]
    return Counter(o for row in held for o in (*row.preparers, row.host) if o)
