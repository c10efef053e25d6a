"""From when to when, or from how little to how much: a bar a row, which fades where its ends are not certain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from compendium.charts.looks import COLOURS, EDGES, GREY, INK, MARKERS, PALE
from compendium.charts.publishing import Publish, nothing, tell
from compendium.charts.sheet import (
    LETTER,
    Sheet,
    decimal_years,
    number_axis,
    rows_of,
    sheet,
    too_many,
    year_axis,
)
from compendium.words import text_of

HEIGHT = 0.2  # inches of a bar
STEPS = 16  # of a fading end


def spans(
    frame: pd.DataFrame,
    name: str,
    title: str,
    note: str,
    *,
    publish: Publish,
    row: str,
    start: str = "",
    end: str = "",
    low: str = "",
    high: str = "",
    hue: str = "",
    label: str = "",
    unit: str = "",
    until: pd.Timestamp | None = None,
    at: Mapping[str, pd.Timestamp] = {},
) -> None:
    """Draw a span for each row of a frame, and publish it as `name`.

    In time: `start` and `end` name columns of dates with their first and last possible days (`start_from`, `start_to`);
    between these the bar fades. A span without an end runs to `until`. `at` marks days by a line with its words. In
    numbers: from `low` to `high`, in `unit`. `row` names the rows, `hue` colours them by holder, `label` (a column)
    is written after each.
    """
    if nothing(frame):
        return
    shown, more = too_many(rows_of(frame, row))
    drawn = frame[frame[row].isin([one.key for one in shown])].assign(_label=frame[label] if label else "")
    if start:
        edges = {
            f"_{i}": decimal_years(
                drawn[f"{start if i < 2 else end}_{('ft'[i % 2] == 'f' and 'from') or 'to'}"]
            )
            for i in range(4)
        }
        drawn = drawn.assign(**edges)
        last = (
            decimal_years(pd.Series([until])).iloc[0]
            if until is not None
            else drawn[["_1", "_3"]].max().max()
        )
        drawn = drawn.fillna({"_2": last, "_3": last})
    days = decimal_years(pd.Series(dict(at), dtype="datetime64[s]"))

    def draw(width: float) -> Figure:
        page = sheet(
            width,
            title,
            note + more,
            shown,
            [HEIGHT + 0.1] * len(shown),
            above=0.25 if at else 0.05,
            below=0.3 if start else 0.45,
        )
        if start:
            first = min([drawn["_0"].min(), *days])
            year_axis(page.ax, first - 0.4, max([drawn["_3"].max(), *days]) + 0.6)
        else:
            inches = page.ax.get_window_extent().width / page.fig.dpi
            beside = drawn["_label"].str.len() * LETTER + 0.15  # each label must have room beside its mark
            number_axis(
                page.ax, (drawn[high] / (1 - beside / inches).clip(lower=0.1)).max() * 1.02 or 1, unit
            )
        for line in drawn.to_dict("records"):
            n = getattr(line.get(hue), "place", -1)
            (_in_time if start else _in_numbers)(page, page.y[line[row]], line, n, row, (low, high))
        for words, day in days.items():
            _line(page.ax, day, str(words))
        return page.fig

    ends = [f"{one}{suffix}" for one in (start, end) if one for suffix in ("", "_from", "_to")]
    used = [column for column in (row, *ends, low, high, label) if column in frame]
    publish(draw, name, frame[used], f"{title}. Spans in {len(shown)} rows.{more}")


def _in_time(page: Sheet, y: float, line: Any, n: int, row: str, _: tuple[str, str]) -> None:
    """A bar over years, fading where its beginning and its end may lie."""
    ink, edge = (COLOURS[n % len(COLOURS)], EDGES[n % len(EDGES)]) if n >= 0 else ("#333333", "#333333")
    begins, began, ends, ended = (line[f"_{i}"] for i in range(4))
    began, ends = (began, ends) if began <= ends else ((began + ends) / 2,) * 2
    (bar,) = page.ax.barh(
        y, max(ends - began, 0.02), HEIGHT, left=began, facecolor=ink, edgecolor=edge, linewidth=0.8
    )
    tell(bar, f"{text_of(line[row])} {line['_label']}".strip())
    for full, empty in ((began, begins), (ends, ended)):
        for i in range(STEPS if full != empty else 0):
            step = (empty - full) / STEPS
            page.ax.barh(y, step, HEIGHT, left=full + i * step, color=ink, alpha=1 - (i + 0.5) / STEPS)
    if line["_label"]:
        page.ax.text(ended + 0.3, y, line["_label"], va="center")


def _in_numbers(page: Sheet, y: float, line: Any, n: int, row: str, ends: tuple[str, str]) -> None:
    """A rule from the least to the greatest number, with a mark at both or, if they are one, one mark."""
    ink, shape = (EDGES[n % len(EDGES)], MARKERS[n % len(MARKERS)]) if n >= 0 else (INK, "o")
    low, high = (line[end] for end in ends)
    (rule,) = page.ax.plot(
        [low, high], [y, y], color=ink, linewidth=4, marker=shape, markersize=6, solid_capstyle="butt"
    )
    tell(rule, f"{text_of(line[row])}: {low:.2f} to {high:.2f} {line['_label']}".strip())
    page.ax.annotate(line["_label"], (high, y), xytext=(7, 0), textcoords="offset points", va="center")


def _line(ax: Axes, day: float, words: str) -> None:
    """A line through all rows at a day, with its words at the top, on the side where there is room."""
    left, right = ax.get_xlim()
    side: Any = (
        {"ha": "left", "xytext": (2, 3)} if day < (left + right) / 2 else {"ha": "right", "xytext": (-2, 3)}
    )
    ax.axvline(day, color=PALE, linewidth=1, linestyle="--", zorder=0)
    ax.annotate(
        words,
        (day, ax.get_ylim()[1]),
        textcoords="offset points",
        va="bottom",
        color=GREY,
        annotation_clip=False,
        **side,
    )
