"""The kinds of long work there are; each area adds its own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.jobs.models import Job

Tell = Callable[[str, int, int], None]  # step, how many are done, of how many
Outcome = dict[str, Any]
Store = Callable[[datetime, Outcome], None]  # writes a part, and adds to the outcome


@dataclass(frozen=True)
class Kind:
    """`work` reads and reckons without holding anybody's lock, and gives back part by part how it is stored.

    Each part is stored in a transaction of its own, if the job still runs.
    """

    work: Callable[[Job, Tell], Iterator[Store]]
    title: Callable[[Job], str]
    step: Callable[[Job], str]
    said: Callable[[Job], Sequence[str]]  # sentences about the outcome
    result: Callable[[Job], str]  # where it can be seen


KINDS: dict[str, Kind] = {}
