"""Marks in time, row by row. Marks of one row that would touch stand one above the other, each at its own time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from compendium.charts.looks import COLOURS, EDGES, FAINT, GREY, INK, PALE, mark, mark_key, shaped
from compendium.charts.publishing import Publish, nothing, tell
from compendium.charts.sheet import (
    CROWD,
    LETTER,
    Sheet,
    decimal_years,
    margin,
    rows_of,
    sheet,
    too_many,
    year_axis,
)
from compendium.words import text_of

LEVEL, LEVEL_OF_LABELS = 0.105, 0.16  # inches from a mark to the one above it
BESIDE = 0.08  # inches that a mark takes at each side


def lanes(
    frame: pd.DataFrame,
    name: str,
    title: str,
    note: str,
    *,
    publish: Publish,
    row: str,
    x: str,
    hue: str = "",
    style: str = "",
    label: str = "",
    says: str = "",
    link: str = "",
    rows: pd.DataFrame | None = None,
    behind: pd.DataFrame | None = None,
    words: Mapping[str, str] = {},
    also: str = "",
    since: int | None = None,
    until: pd.Timestamp | None = None,
) -> None:
    """Draw a mark for each row of a frame, in the row and at the date that its columns `row` and `x` name.

    `x` is a column of dates with their first and last possible days (`x_from`, `x_to`); a date of reduced precision
    stands in the middle of what it can mean, with a rule as long as that. `hue` gives the colour and shape of holders,
    `style` shapes to kinds; rows that are not `sure` are hollow, `crossed` ones crossed. `label` is written beside a
    mark, `says` is what a pointer is told, `link` its address. `behind` has bars that lie behind the marks of a row,
    from `start_from` to `end_to` or, where that is empty, to the end. `rows`, `words` as for `rows_of` and `mark_key`;
    `also` names further columns for the numbers behind the figure; years run from `since` to `until` or the last mark.
    """
    dated = shaped(frame.dropna(subset=f"{x}_from"), style)
    if nothing(dated if rows is None else rows):
        return
    shown, more = too_many(rows_of(dated, row, rows))
    first, last = decimal_years(dated[f"{x}_from"]), decimal_years(dated[f"{x}_to"])
    dated = dated.assign(_first=first, _last=last, _x=(first + last) / 2, _text=dated[label] if label else "")
    drawn = dated[dated[row].isin([one.key for one in shown])].sort_values(["_x", "_first"], kind="stable")
    crowd, level = len(drawn) > CROWD, LEVEL_OF_LABELS if label else LEVEL
    handles = [] if crowd else mark_key(drawn, hue, style, words)
    begin = min(since or 9999, drawn["_x"].min() if len(drawn) else 9999) if since or len(drawn) else 1990
    end = max(
        drawn["_last"].max() if len(drawn) else begin + 1,
        decimal_years(pd.Series([until]))[0] if until is not None else 0,
    )
    bars: list[dict[Any, Any]] = []
    if behind is not None:
        last_of = decimal_years(behind["end_to"]).clip(upper=end).fillna(end)
        bars = behind.assign(_first=decimal_years(behind["start_from"]), _last=last_of).to_dict("records")

    def draw(width: float) -> Figure:
        inches = (width - margin(width, shown) - 0.2) / (end - begin + 1.4)  # of a year
        levels = _levels(drawn, row, inches, end)
        tallest = {
            one.key: max((levels[i] for i in drawn.index[drawn[row] == one.key]), default=0) for one in shown
        }
        heights = [0.22 if crowd else 0.2 + level * tallest[one.key] for one in shown]
        page = sheet(
            width,
            title,
            note + more + (" Each circle: how many a year." if crowd else ""),
            shown,
            heights,
            handles,
            above=0.25,
        )
        year_axis(page.ax, begin - 0.7, end + 0.7, top=True)
        tall = {one.key: high - 0.04 for one, high in zip(shown, heights, strict=True)}
        for line in bars:
            if line[row] in page.y:
                first, last = line["_first"], line["_last"]
                n = getattr(line[row], "place", 0) % len(COLOURS)
                bar: Any = {"facecolor": to_rgba(COLOURS[n], 0.25), "edgecolor": EDGES[n], "linewidth": 0.8}
                page.ax.barh(page.y[line[row]], last - first, tall[line[row]], left=first, zorder=0, **bar)
        for one in shown:
            if one.words:
                page.ax.text(
                    sum(page.ax.get_xlim()) / 2,
                    page.y[one.key],
                    one.words,
                    ha="center",
                    va="center",
                    size=8,
                    color=GREY,
                    style="italic",
                )
        if crowd:
            _circles(page, drawn, row)
            return page.fig
        for i, line in zip(drawn.index, drawn.to_dict("records"), strict=True):
            y = page.y[line[row]] + level * (tallest[line[row]] / 2 - levels[i])
            if line["_last"] - line["_first"] > 0.05:
                page.ax.plot(
                    [line["_first"], line["_last"]],
                    [y, y],
                    color="#bbbbbb",
                    linewidth=2.5,
                    zorder=1,
                    solid_capstyle="butt",
                )
            (drawn_mark,) = page.ax.plot(line["_x"], y, zorder=3, **mark(line, hue))
            default = ", ".join(
                filter(None, (text_of(line[row]), text_of(line[x]), text_of(line[hue]) if hue else ""))
            )
            tell(drawn_mark, text_of(line[says]) if says else default, line[link] if link else "")
            if line["_text"]:
                fits = _fits(line, inches, end)
                look: Any = {"xytext": (5, 0), "ha": "left"} if fits else {"xytext": (-5, 0), "ha": "right"}
                page.ax.annotate(
                    line["_text"], (line["_x"], y), textcoords="offset points", va="center", color=INK, **look
                )
        return page.fig

    used = list(
        dict.fromkeys(column for column in (row, x, hue, style, label, says, *also.split()) if column)
    )
    numbers = frame[used] if rows is None else rows[[row, "label"]].merge(frame[used], on=row, how="left")
    told = f"{title}. {len(drawn)} marks in {len(shown)} rows, on an axis of years from {begin:.0f} to {end:.0f}.{more}"
    publish(draw, name, numbers, told)


def _levels(drawn: pd.DataFrame, row: str, inches: float, end: float) -> dict[Any, int]:
    """Level of each mark in its row: 0, or as many above as the marks and labels before it leave no room for it."""
    levels: dict[Any, int] = {}
    taken: dict[Any, list[tuple[float, float, int]]] = {}
    for i, line in zip(drawn.index, drawn.to_dict("records"), strict=True):
        at, text = line["_x"] * inches, len(line["_text"]) * LETTER
        low, high = (at, at + text) if _fits(line, inches, end) else (at - text, at)
        near = {
            level
            for left, right, level in taken.get(line[row], [])
            if low - BESIDE < right and left < high + BESIDE
        }
        levels[i] = next(n for n in range(len(near) + 1) if n not in near)
        taken.setdefault(line[row], []).append((low, high, levels[i]))
    return levels


def _fits(line: Any, inches: float, end: float) -> bool:
    """Whether the label of a mark has room at its right."""
    return bool(line["_x"] * inches + len(line["_text"]) * LETTER < end * inches)


def _circles(page: Sheet, drawn: pd.DataFrame, row: str) -> None:
    """The numbers of a crowd: in each row and year a circle whose area is how many there are."""
    numbers = Counter(zip(drawn["_x"].astype(int), drawn[row], strict=True))
    most = max(numbers.values())
    for (year, key), number in numbers.items():
        circle = page.ax.scatter(
            year + 0.5,
            page.y[key],
            s=4 + 90 * number / most,
            facecolor=FAINT,
            edgecolors=PALE,
            linewidths=0.6,
        )
        tell(circle, f"{text_of(key)}, {year}: {number:,}")
