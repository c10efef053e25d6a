"""How many of each: a bar a row, whole, filled in part, or divided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from compendium.charts.looks import COLOURS, DARK, EDGES, INK, LOOKS, part_key
from compendium.charts.publishing import Publish, nothing, tell
from compendium.charts.sheet import LETTER, Row, number_axis, rows_of, sheet, too_many
from compendium.words import text_of

HEIGHT = 0.2  # inches of a bar


def bars(
    frame: pd.DataFrame,
    name: str,
    title: str,
    note: str,
    *,
    publish: Publish,
    row: str,
    value: str,
    whole: str = "",
    part: str = "",
    looks: Mapping[str, str] = {},
    hue: str = "",
    unit: str = "",
    rows: pd.DataFrame | None = None,
) -> None:
    """Draw a bar for each value of `row`, as long as the number in `value`, and publish it as `name`.

    With `whole`, the bar is the filled part of an outline as long as that number. With `part` (a coded column), a row
    has a line in the frame for each part, which stand one after the other, each in the look that `looks` gives it
    (names of `looks.LOOKS`). `hue` colours bars by holder. `unit` names the axis. `rows` as for `rows_of`.
    """
    if nothing(frame):
        return
    shown, more = too_many(rows_of(frame, row, rows))
    drawn = frame[frame[row].isin([one.key for one in shown])]
    most = (
        max(drawn[whole].max(), 1) if whole else max(drawn.groupby(row, observed=True)[value].sum().max(), 1)
    )
    handles = part_key(drawn, part, looks)
    end = most * (1.32 if part else 1.18)  # with room for what stands after the longest bar

    def draw(width: float) -> Figure:
        page = sheet(width, title, note + more, shown, [HEIGHT + 0.08] * len(shown), handles, below=0.45)
        number_axis(page.ax, end, unit)
        room = end / (page.ax.get_window_extent().width / page.fig.dpi)  # of the axis, in an inch
        for one in shown:
            lines = drawn[drawn[row] == one.key].to_dict("records")
            if part:
                _parts(page.ax, page.y[one.key], one, lines, value, part, looks, room)
            for line in [] if part else lines:
                at = getattr(line.get(hue), "place", 0)
                ink: Any = {"color": COLOURS[at % len(COLOURS)], "edgecolor": EDGES[at % len(EDGES)]}
                y, number = page.y[one.key], line[value]
                if whole:
                    page.ax.barh(
                        y, line[whole], HEIGHT, facecolor="white", edgecolor=ink["edgecolor"], linewidth=1.3
                    )
                (bar,) = page.ax.barh(y, number, HEIGHT, **ink)
                said = f"{number:,} of {line[whole]:,}" if whole else f"{number:,}"
                tell(bar, f"{one.label}: {said} {unit}".strip())
                page.ax.text((line[whole] if whole else number) + 0.05 * room, y, said, va="center")
        return page.fig

    used = [column for column in (row, part, value, whole) if column]
    publish(
        draw, name, frame[used], f"{title}. Bars in {len(shown)} rows{f', {unit}' if unit else ''}.{more}"
    )


def _parts(
    ax: Axes,
    y: float,
    one: Row,
    lines: list[dict],
    value: str,
    part: str,
    looks: Mapping[str, str],
    room: float,
) -> None:
    """The parts of one bar, each with its number where there is room for it, else after the bar."""
    left, small = 0.0, []
    for line in sorted(lines, key=lambda line: list(looks).index(line[part])):
        number, look = line[value], looks[line[part]]
        if not number:
            continue
        (bar,) = ax.barh(y, number, HEIGHT, left=left, **LOOKS[look])
        tell(bar, f"{one.label}: {number:,} {text_of(line[part])}")
        if len(f"{number:,}") * LETTER * room < number * 0.9:
            box = (
                {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
                if look in ("striped", "hatched")
                else None
            )
            ink = "white" if look in DARK else INK
            ax.text(left + number / 2, y, f"{number:,}", ha="center", va="center", color=ink, bbox=box)
        else:
            small.append(f"{number:,} {text_of(line[part])}")
        left += number
    ax.text(left + 0.05 * room, y, ", ".join(small) if len(small) < 2 else "", va="center")
