"""How a number moves: a line for each, with its name at its end."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from compendium.charts.looks import EDGES, INK, MARKERS
from compendium.charts.publishing import Publish, nothing, tell
from compendium.charts.sheet import EDGE, LETTER, LINE, canvas, decimal_years, wrap, year_axis
from compendium.words import text_of

HEIGHT = 2.4  # inches of the axes
INKS = (INK, EDGES[0], EDGES[1], EDGES[2], EDGES[3], EDGES[4], EDGES[5])


def lines(
    frame: pd.DataFrame,
    name: str,
    title: str,
    note: str,
    *,
    publish: Publish,
    x: str,
    value: str,
    style: str,
    also: str = "",
) -> None:
    """Draw a line for each value of `style` (a coded column), through `value` at the dates `x`; publish it as `name`.

    `x` has its first and last possible days beside it (`x_from`, `x_to`). Marks that are not `sure` are hollow.
    `also` names further columns for the numbers behind the figure.
    """
    dated = frame.dropna(subset=[f"{x}_from", value])
    if nothing(dated):
        return
    drawn = dated.assign(
        _x=(decimal_years(dated[f"{x}_from"]) + decimal_years(dated[f"{x}_to"])) / 2
    ).sort_values("_x")
    names = list(drawn[style].drop_duplicates().sort_values())
    ends = [drawn[drawn[style] == code].iloc[-1] for code in names]
    words = [
        f"{text_of(end[style])}: {end[value]:,} in {int(end['_x'])}{'' if end.get('sure', True) else ' (hollow)'}"
        for end in ends
    ]

    def draw(width: float) -> Figure:
        said = [wrap(one, (width - 4 * EDGE) / LETTER) for one in words]
        tall = [LINE * (one.count("\n") + 1) + 0.03 for one in said]
        fig, ax = canvas(width, title, note, HEIGHT, left=0.5, right=0.15, above=0.1 + sum(tall), below=0.3)
        year_axis(ax, drawn["_x"].min() - 0.8, drawn["_x"].max() + 0.8)
        ax.set_ylim(0, drawn[value].max() * 1.08)
        ax.grid(axis="y")
        for i, code in enumerate(names):
            mine = drawn[drawn[style] == code]
            n = getattr(code, "place", i)
            ink, shape = INKS[n % len(INKS)], MARKERS[n % len(MARKERS)]
            ax.plot(mine["_x"], mine[value], color=ink, linewidth=1.2)
            for line in mine.to_dict("records"):
                face = ink if line.get("sure", True) else "white"
                (one,) = ax.plot(
                    line["_x"], line[value], shape, color=ink, markersize=3.5, markerfacecolor=face
                )
                tell(one, f"{text_of(code)}, {text_of(line[x])}: {line[value]:,}")
            high = 1 + (0.05 + sum(tall[i + 1 :])) / HEIGHT
            key: Any = {"color": ink, "markersize": 5, "transform": ax.transAxes, "clip_on": False}
            ax.plot(0.015, high + (tall[i] - 0.5 * LINE) / HEIGHT, shape, **key)
            ax.text(0.04, high, said[i], transform=ax.transAxes, va="bottom", linespacing=1.25)
        return fig

    used = [one for one in (style, x, value, "sure" if "sure" in frame else "", *also.split()) if one]
    publish(draw, name, frame[used], f"{title}. {len(names)} lines over years.")
