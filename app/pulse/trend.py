"""How meetings were, one after the other: two lines over a scale from 1 to 5."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.pulse.models import Pulse

WIDTH, HEIGHT, LEFT, TOP = 640, 140, 24, 12
MOST = 12  # meetings drawn, the newest


@dataclass(frozen=True)
class Dot:
    x: float
    atmosphere: float  # heights on the paper
    goal: float
    day: date
    pulse: Pulse


@dataclass(frozen=True)
class Trend:
    dots: tuple[Dot, ...]
    scale: tuple[tuple[int, float], ...]  # a number from 1 to 5 and its height
    width: int = WIDTH
    height: int = HEIGHT + 2 * TOP

    def line(self, name: str) -> str:
        """The points of one question, as SVG wants them."""
        return " ".join(f"{dot.x:.0f},{getattr(dot, name):.1f}" for dot in self.dots)


def trend(pulses: Sequence[Pulse]) -> Trend | None:
    """Of pulses that can be shown, oldest first; None with fewer than two, which are no line."""
    newest = [pulse for pulse in pulses if pulse.means][-MOST:]
    if len(newest) < 2:
        return None
    step = (WIDTH - 2 * LEFT) / (len(newest) - 1)
    dots = []
    for number, pulse in enumerate(newest):
        atmosphere, goal = pulse.means or (0, 0)
        dots.append(Dot(LEFT + number * step, _height(atmosphere), _height(goal), pulse.meeting.day, pulse))
    return Trend(tuple(dots), tuple((value, _height(value)) for value in range(1, 6)))


def _height(value: float) -> float:
    return TOP + HEIGHT * (5 - value) / 4
