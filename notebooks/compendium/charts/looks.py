"""How things look, by what they are: the same in every figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from compendium.words import text_of

# Okabe and Ito's colours, safe for the common colour-vision deficiencies; yellow is left out because it fades on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
EDGES = ("#0072B2", "#D55E00", "#00795A", "#A14B7B", "#9C6A00", "#23789F", "#000000")  # at least 3:1 on white
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "h")  # the second channel beside the colour
SHAPES = ("s", "o", "^", "D", "v", "X", "P", "<")  # of kinds
INK, GREY, PALE, FAINT = "#111111", "#444444", "#767676", "#d9d9d9"
MANY = 28  # holders that a key can explain

# What a cell or a part of a bar says, by the name that a notebook gives it.
LOOKS: dict[str, dict[str, Any]] = {
    "full": {"facecolor": "#333333", "edgecolor": "#333333"},
    "blue": {"facecolor": COLOURS[0], "edgecolor": COLOURS[0]},
    "red": {"facecolor": COLOURS[1], "edgecolor": COLOURS[1]},
    "striped": {"facecolor": "#9fd0f0", "edgecolor": COLOURS[0], "hatch": "////", "linewidth": 0.8},
    "outline": {"facecolor": "white", "edgecolor": "#333333", "linewidth": 1.4},
    "hatched": {"facecolor": "white", "edgecolor": "#aaaaaa", "hatch": "//////", "linewidth": 0},
    "dotted": {"facecolor": "white", "edgecolor": PALE, "linestyle": ":"},
    "blank": {"facecolor": "white", "edgecolor": "white"},
}
DARK = ("full", "blue", "red")  # on which numbers are white


def shaped(frame: pd.DataFrame, style: str) -> pd.DataFrame:
    """The frame with a shape for each value of a column, by its order or, if it has none, by its first appearance."""
    if not style:
        return frame
    values = frame[style].astype(object)
    known = [value for value in values.dropna().unique() if hasattr(value, "place")]
    first = 1 + max((value.place for value in known), default=-1)  # of those without an order of their own
    others = [value for value in values.dropna().unique() if not hasattr(value, "place")]
    places = {value: value.place for value in known} | {value: first + i for i, value in enumerate(others)}
    return frame.assign(_shape=values.map(places).fillna(1))


def mark(row: Any, hue: str = "") -> dict[str, Any]:
    """What `Axes.plot` is told of a mark: colour and shape of its `hue`, else dark in the shape that `shaped` gave it.

    Hollow where the row is not `sure`; a cross where it is `crossed`.
    """
    at = getattr(row.get(hue), "place", None)
    if at is not None:
        ink, edge, shape = COLOURS[at % len(COLOURS)], EDGES[at % len(EDGES)], MARKERS[at % len(MARKERS)]
    else:
        ink, edge = INK, INK
        shape = SHAPES[int(row.get("_shape", 1)) % len(SHAPES)]
    if row.get("crossed"):
        shape = "x"
    return {
        "marker": shape,
        "color": ink,
        "markerfacecolor": ink if row.get("sure", True) else "white",
        "markeredgecolor": edge,
        "markersize": {"*": 7.5, "x": 5.5}.get(shape, 5),
        "linestyle": "",
    }


def mark_key(
    frame: pd.DataFrame, hue: str = "", style: str = "", words: Mapping[str, str] = {}
) -> list[Artist]:
    """Handles that explain the marks of a frame: its hues, its styles, what is hollow and what is crossed.

    `words` says what `hollow` and `crossed` mean, and under `hue` what comes before the name of each hue.
    """

    def person(row: dict[Any, Any]) -> Artist:
        look = mark(row | {"sure": True, "crossed": False}, hue)
        return _handle(look, f"{words.get('hue', '')} {text_of(row[hue])}".strip())

    handles = hue_key(frame, hue, person) if hue else []
    if style:
        plain = frame[frame[hue].isna()] if hue else frame
        for row in plain.dropna(subset=style).drop_duplicates(style).sort_values("_shape").to_dict("records"):
            look = mark(row | {"sure": True, "crossed": False} | ({hue: None} if hue else {}), hue)
            handles.append(_handle(look, text_of(row[style])))
    if "sure" in frame and not frame["sure"].all():
        hollow = {"marker": "o", "color": INK, "markerfacecolor": "white", "linestyle": ""}
        handles.append(_handle(hollow, words.get("hollow", "hollow: unverified")))
    if "crossed" in frame and frame["crossed"].any():
        handles.append(
            _handle({"marker": "x", "color": INK, "linestyle": ""}, words.get("crossed", "crossed"))
        )
    return handles


def hue_key(frame: pd.DataFrame, hue: str, handle: Callable[[dict[Any, Any]], Artist]) -> list[Artist]:
    """A `handle` for the first row of each holder; one sentence where they are more than a key can explain."""
    people = frame.dropna(subset=hue).drop_duplicates(hue).sort_values(hue)
    if len(people) > MANY:
        return [_handle({"marker": ""}, f"{len(people):,} colours: see the numbers behind this figure")]
    return [handle(row) for row in people.to_dict("records")]


def part_key(frame: pd.DataFrame, column: str, looks: Mapping[str, str]) -> list[Artist]:
    """Handles that explain the looks of the values of a column, in the order of `looks`."""
    values = {value: text_of(value) for value in frame[column].dropna().unique()} if looks else {}
    return [
        Patch(label=values[value], **LOOKS[look])
        for value, look in looks.items()
        if value in values and look != "blank"
    ]


def _handle(look: Mapping[str, Any], label: str) -> Line2D:
    return Line2D([], [], label=label, **dict(look))
