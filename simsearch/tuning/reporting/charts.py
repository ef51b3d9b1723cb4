"""Numbers as points of small SVG charts, which the template draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, BOTTOM = 420, 180, 44, 24
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tick:
    """A number at a place of an axis, in pixels."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """One line.

    Args:
        path: The points as SVG's polyline wants them.
        dots: The same, each with what it shows.
        across: Ticks below.
        upwards: Ticks on the left.
    """

    title: str
    path: str
    dots: tuple[tuple[float, float, str], ...]
    across: tuple[Tick, ...]
    upwards: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from the bottom, `value` things high."""

    x: float
    y: float
    width: float
    height: float
    value: int
    series: int


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars in groups, one of each series."""

    title: str
    bars: tuple[Bar, ...]
    across: tuple[Tick, ...]
    series: tuple[str, ...]


def line_chart(title: str, points: Sequence[Point], unit: str) -> LineChart | None:
    """A line through points, left to right; None where there are too few to make one."""
    if len(points) < 2:
        return None
    points = sorted(points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    low, high = (low - 0.01, high + 0.01) if high - low < 0.02 else (low, high)
    first, last = points[0][0], points[-1][0]

    def place(x: float, y: float) -> Point:
        across = LEFT + 8 + (x - first) / ((last - first) or 1) * (WIDTH - LEFT - 24)
        return round(across, 1), round(_upwards((y - low) / (high - low)), 1)

    places = [place(x, y) for x, y in points]
    shown = dict.fromkeys((first, points[len(points) // 2][0], last))
    return LineChart(
        title=title,
        path=" ".join(f"{x},{y}" for x, y in places),
        dots=tuple((*at, f"{y:.3f} at {unit} {x:g}") for at, (x, y) in zip(places, points, strict=True)),
        across=tuple(Tick(place(x, low)[0], f"{x:g}") for x in shown),
        upwards=tuple(Tick(place(first, y)[1], f"{y:.3f}") for y in (low, (low + high) / 2, high)),
    )


def bar_chart(title: str, groups: Sequence[str], series: Mapping[str, Sequence[int]]) -> BarChart:
    """Bars for each group side by side, one of each series."""
    highest = max((value for values in series.values() for value in values), default=0) or 1
    room = (WIDTH - 16) / len(groups)
    width = room * 0.8 / len(series)
    bars = []
    for number, values in enumerate(series.values()):
        for group, value in enumerate(values):
            top = _upwards(value / highest)
            x = 8 + group * room + room * 0.1 + number * width
            bars.append(
                Bar(round(x, 1), round(top, 1), round(width, 1), round(_upwards(0) - top, 1), value, number)
            )
    across = tuple(Tick(round(8 + (i + 0.5) * room, 1), name) for i, name in enumerate(groups))
    return BarChart(title, tuple(bars), across, tuple(series))


def _upwards(share: float) -> float:
    """The place from above of a share of the height."""
    return 16 + (1 - share) * (HEIGHT - BOTTOM - 16)
