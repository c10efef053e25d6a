"""A map of the world with one square a State, so that small States are seen as well as large ones."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from compendium.charts.looks import COLOURS, INK
from compendium.charts.publishing import Publish, nothing, tell
from compendium.charts.sheet import EDGE, PAGE, canvas
from compendium.words import text_of

# By how many there are: none attested, one, two, more. The last two are told apart by their ink as well.
SHADES = ("#f0f0f0", "#9fd0f0", COLOURS[0], "#002f4a")
HOLLOW: dict[str, Any] = {"facecolor": "white", "edgecolor": COLOURS[0], "linewidth": 1.2}
GAP = 0.12  # of a square, between two


@cache
def world() -> dict[str, tuple[int, int]]:
    """Column and row of each State's square, by its ISO 3166-1 alpha-3 code.

    The picture in world.txt is our own: all members of the United Nations and its two observer States, near their
    neighbours where a square was free. It says nothing on borders.
    """
    lines = (files("compendium.charts") / "world.txt").read_text().splitlines()
    return {
        code: (x, y) for y, line in enumerate(lines) for x, code in enumerate(line.split()) if code != "..."
    }


def tiles(
    frame: pd.DataFrame,
    name: str,
    title: str,
    note: str,
    *,
    publish: Publish,
    place: str,
    unit: str,
    says: str = "",
    link: str = "",
    also: str = "",
) -> None:
    """Draw a square for each State, the darker the more rows the frame has of it; publish it as `name`.

    `place` is a column of alpha-3 codes; rows that are not `sure` make a State hollow and are not counted. `unit` says
    what a row is, in the singular. A pointer is told what the column `says` has for a State, and led to the last
    `link`. Codes that have no square are named under the title. `also` names further columns for the numbers behind it.
    """
    if nothing(frame):
        return
    sure = frame.get("sure", pd.Series(True, frame.index))
    number = frame[sure].groupby(place, observed=True).size()
    of = {str(key): rows for key, rows in frame.groupby(place, observed=True)}
    elsewhere = sorted(of.keys() - world().keys())
    more = f" Not on the map: {', '.join(elsewhere)}." if elsewhere else ""
    labels = (f"no {unit} attested", f"one {unit}", f"two {unit}s", f"three {unit}s or more")
    most = min(int(number.max()), 3) if len(number) else 0
    handles: list[Artist] = [Patch(label=labels[i], **_look(i)) for i in range(most + 1)]
    if of.keys() - set(map(str, number.index)):
        handles.append(Patch(label="hollow: unverified only", **HOLLOW))
    wide, high = (max(at[i] for at in world().values()) + 1 for i in (0, 1))

    def draw(width: float) -> Figure:
        side = (width - 2 * EDGE) / wide
        fig, ax = canvas(
            width, title, note + more, side * high, handles, left=EDGE, right=EDGE, above=0.05, below=0.05
        )
        ax.set(xlim=(0, wide), ylim=(high, 0))
        ax.axis("off")
        for code, (x, y) in world().items():
            rows = of.get(code)
            count = int(number.get(code, 0))
            look = _look(count) if rows is None or count else HOLLOW
            (square,) = ax.bar(x + 0.5, GAP - 1, 1 - GAP, bottom=y + 1 - GAP / 2, **look)
            if rows is None:
                tell(square, f"{code}: {labels[0]}")
                continue
            said = [text_of(row[says]) for row in rows.to_dict("records")] if says else [f"{count} {unit}s"]
            tell(
                square,
                f"{text_of(rows[place].iloc[0])}: {'; '.join(said)}",
                rows[link].iloc[-1] if link else "",
            )
            if width >= PAGE:
                ink = "white" if count > 1 else INK
                ax.text(
                    x + 0.5,
                    y + 0.52,
                    code,
                    ha="center",
                    va="center",
                    color=ink,
                    family="DejaVu Sans Mono",
                    size=8,
                )
        return fig

    used = [one for one in dict.fromkeys((place, says, link, *also.split())) if one]
    told = f"{title}. {len(number)} States of a map with one square for each of {len(world())}."
    publish(draw, name, frame[used], told)


def _look(count: int) -> dict[str, Any]:
    """The look of a State with so many rows; an outline where the shade alone would be too light."""
    edge = COLOURS[0] if count else SHADES[0]
    return {"facecolor": SHADES[min(count, 3)], "edgecolor": edge, "linewidth": 0.8}
