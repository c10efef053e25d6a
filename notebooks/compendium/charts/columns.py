"""How many a year: columns on an axis of years, one set below the other where there are several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from compendium.charts.looks import COLOURS, EDGES, GREY, INK, PALE, hue_key
from compendium.charts.publishing import Publish, nothing, tell
from compendium.charts.sheet import Row, rows_of, sheet, too_many, year_axis
from compendium.words import text_of

TALL = {1: 1.6, 2: 1.0}  # inches of a set, by how many there are; of more sets each has the last
TALLEST_OF_MANY = 0.55


def columns(
    frame: pd.DataFrame,
    name: str,
    title: str,
    note: str,
    *,
    publish: Publish,
    x: str,
    value: str = "",
    panel: str = "",
    hue: str = "",
    at: Mapping[str, pd.Timestamp] = {},
    gaps: str = "",
    hollow: str = "hollow: unverified",
    also: str = "",
) -> None:
    """Draw a column a year, as high as the sum of `value` or as the number of rows of the frame; publish it as `name`.

    `x` is a column of whole years. `panel` gives each of its values a set of columns with a scale of its own; `hue`
    divides a column by holder. What is not `sure` is hollow and stands on top; `hollow` says what that means. `at`
    marks days by a line with its words. Years without a row, between the first and the last of a set, have a grey
    tick, which `gaps` explains; without `gaps` they are what they seem, none. `also` names further columns for the
    numbers behind it.
    """
    if nothing(frame):
        return
    whole = frame.assign(
        _value=frame[value].astype(float) if value else 1.0,
        _sure=frame.get("sure", True),
        _hue=[getattr(one, "place", -1) for one in frame[hue]] if hue else -1,
        _panel=frame[panel] if panel else "",
    )
    shown, more = too_many(rows_of(whole, "_panel"), "sets")
    sums = whole.groupby(["_panel", x, "_sure", "_hue"], observed=True)["_value"].sum().reset_index()
    names = dict(zip(whole["_hue"], whole[hue], strict=True)) if hue else {}

    def person(row: dict[Any, Any]) -> Artist:
        n = row["_hue"] % len(COLOURS)
        return Patch(facecolor=COLOURS[n], edgecolor=EDGES[n], label=text_of(row[hue]))

    handles = hue_key(whole[whole["_hue"] >= 0], hue, person) if hue else []
    if hue and whole["_hue"].lt(0).any():
        handles.append(Patch(facecolor=PALE, edgecolor=INK, label="not established"))
    if not whole["_sure"].all():
        handles.append(Patch(facecolor="white", edgecolor=INK, label=hollow))
    if gaps:
        handles.append(Line2D([], [], color="#999999", marker="|", linestyle="", label=gaps))
    years = int(whole[x].min()), int(whole[x].max())
    days = {words: day.year + day.day_of_year / 366 for words, day in at.items()}

    def draw(width: float) -> Figure:
        tall = TALL.get(len(shown), TALLEST_OF_MANY)
        page = sheet(
            width,
            title,
            note + more,
            shown,
            [tall + 0.14] * len(shown),
            handles,
            above=0.2 if at else 0.05,
            right=0.35,
        )
        year_axis(page.ax, years[0] - 0.7, max([years[1], *days.values()]) + 0.7)
        for one in shown:
            of_panel = sums[sums["_panel"] == one.key]
            floor, most = page.y[one.key] + tall / 2, of_panel.groupby(x)["_value"].sum().max() or 1
            scale = tall * 0.86 / most
            foot = dict.fromkeys(of_panel[x], 0.0)
            for line in of_panel.sort_values(["_sure", "_hue"], ascending=[False, True]).to_dict("records"):
                high = line["_value"] * scale
                ink, edge = (
                    (COLOURS[line["_hue"] % 7], EDGES[line["_hue"] % 7]) if line["_hue"] >= 0 else (PALE, INK)
                )
                look: Any = {
                    "facecolor": ink if line["_sure"] else "white",
                    "edgecolor": edge,
                    "linewidth": 0.6,
                }
                (bar,) = page.ax.bar(line[x], -high, 0.8, bottom=floor - foot[line[x]], **look)
                tell(
                    bar,
                    f"{_named(one)}{line[x]}: {line['_value']:g} {text_of(names.get(line['_hue']))}".strip(),
                )
                foot[line[x]] += high
            if gaps:
                empty = sorted({*range(int(min(foot)), int(max(foot)) + 1)} - {int(year) for year in foot})
                page.ax.plot(empty, [floor - 0.03] * len(empty), "|", color="#999999", markersize=4)
            page.ax.axhline(floor, color="#888888", linewidth=0.6)
            _scale(page.ax, floor, scale, most)
        for words, day in days.items():
            page.ax.axvline(day, color=EDGES[1], linewidth=1, linestyle="--")
            page.ax.annotate(
                words,
                (day, 0),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                va="bottom",
                color=GREY,
            )
        page.ax.spines["bottom"].set_visible(False)
        return page.fig

    used = [
        one
        for one in dict.fromkeys((panel, x, hue, value, "sure" if "sure" in frame else "", *also.split()))
        if one
    ]
    heights = sums.groupby(["_panel", x], observed=True)["_value"].sum().reset_index()
    top = heights.nlargest(1, "_value").iloc[0]
    sets = f", in {len(shown)} sets" if panel else ""
    told = f"{title}. Columns a year from {years[0]} to {years[1]}{sets}; highest: {top['_value']:g} in {top[x]}.{more}"
    publish(draw, name, frame[used], told)


def _named(row: Row) -> str:
    return f"{row.label}, " if row.label else ""


def _scale(ax: Axes, floor: float, scale: float, most: float) -> None:
    """Round numbers of a set of columns, each a rule with its number at the right: as many as it has room for."""
    number = 1 if most * scale < 0.6 else 3
    ticks = MaxNLocator(nbins=number + 1, steps=[1, 2, 5, 10]).tick_values(0, most)
    for tick in [one for one in ticks if 0 < one <= most][-number:]:
        ax.axhline(floor - tick * scale, color="#dddddd", linewidth=0.6, zorder=0)
        ax.annotate(
            f"{tick:,g}",
            (ax.get_xlim()[1], floor - tick * scale),
            xytext=(1, 0),
            textcoords="offset points",
            va="center",
            color=GREY,
            annotation_clip=False,
            size=8,
        )
