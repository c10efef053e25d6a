"""What stands where two things meet: a look, a number, a shade, or marks in each cell."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from compendium.charts.looks import COLOURS, DARK, GREY, INK, LOOKS, mark, mark_key, part_key, shaped
from compendium.charts.publishing import Publish, nothing, tell
from compendium.charts.sheet import EDGE, LETTER, LINE, margin, rows_of, sheet, too_many, wrap
from compendium.words import text_of

CELL = 0.24  # inches that a row takes at least
SIDE_BY_SIDE = 5  # marks of a cell; more are drawn as their number
WIDEST = 12  # columns that names can stand above


def grid(
    frame: pd.DataFrame,
    name: str,
    title: str,
    note: str,
    *,
    publish: Publish,
    row: str,
    column: str,
    state: str = "",
    looks: Mapping[str, str] = {},
    number: str = "",
    shade: str = "",
    hue: str = "",
    style: str = "",
    says: str = "",
    rows: pd.DataFrame | None = None,
    words: Mapping[str, str] = {},
    also: str = "",
) -> None:
    """Draw a cell for each row of a frame, where its `row` and its `column` meet, and publish it as `name`.

    A cell has the look that `looks` gives its `state` (names of `looks.LOOKS`), or a `shade` from 0 (white) to 1, and
    may have a `number` in it. With `style` or `hue`, each row of the frame is a mark, and those of a cell stand side by
    side. More columns than a page holds become rows. `rows` and `words` as for `rows_of` and `mark_key`.
    """
    if nothing(frame):
        return
    if rows is None and len(rows_of(frame, column)) > WIDEST >= len(rows_of(frame, row)):
        row, column = column, row
    shown, more = too_many(rows_of(frame, row, rows))
    heads = rows_of(frame, column)
    at = {head.key: i for i, head in enumerate(heads)}
    drawn = shaped(frame[frame[row].isin([one.key for one in shown])].dropna(subset=column), style)
    marks = bool(hue or style)
    handles = mark_key(drawn, hue, style, words) if marks else part_key(drawn, state, looks)

    def draw(width: float) -> Figure:
        inches = (width - margin(width, shown) - EDGE) / len(heads)
        labels = [wrap(head.label, inches / LETTER) for head in heads]
        slant = any(len(line) * LETTER > inches + 0.05 for label in labels for line in label.split("\n"))
        letters = int(0.5 * width / (0.77 * LETTER))  # that stand aslant beside the last column
        names = [shorten(head.label, letters, placeholder="…") for head in heads]
        longest = max(map(len, names)) * LETTER
        above = 0.66 * longest if slant else LINE * max(label.count("\n") + 1 for label in labels)
        right = max(EDGE, 0.77 * len(names[-1]) * LETTER - inches / 2) if slant else EDGE
        heights = [CELL] * len(shown)
        page = sheet(
            width, title, note + more, shown, heights, handles, above=above + 0.15, below=0.1, right=right
        )
        page.ax.set(xlim=(-0.5, len(heads) - 0.5))
        page.ax.set_xticks(range(len(heads)), names if slant else labels)
        page.ax.tick_params(axis="x", bottom=False, labelbottom=False, labeltop=True, length=0)
        if slant:
            for tick in page.ax.get_xticklabels():
                tick.set(rotation=40, ha="left", rotation_mode="anchor")
        page.ax.spines["bottom"].set_visible(False)
        for (key, head), cell in drawn.groupby([row, column], observed=True, sort=False):
            x, y, lines = at[head], page.y[key], cell.to_dict("records")
            if marks and len(lines) <= SIDE_BY_SIDE:
                _marks(page.ax, x, y, lines, hue, style, says)
                continue
            if (
                state and looks[lines[0][state]] == "blank"
            ):  # said in words, so that it does not look like a zero
                said = text_of(lines[0][state])
                fits = len(said) * LETTER < inches
                page.ax.text(x, y, said if fits else "·", ha="center", va="center", color=GREY, size=8)
                continue
            text = f"{len(lines)}" if marks else text_of(lines[0][number]) if number else ""
            look = (
                LOOKS[looks[lines[0][state]]]
                if state
                else _shade(0.0 if marks else lines[0][shade] if shade else 0.0)
            )
            (box,) = page.ax.barh(y, 0.8, 0.19, left=x - 0.4, **look)
            tell(
                box,
                ", ".join(
                    filter(
                        None, (text_of(key), text_of(head), text_of(lines[0][state]) if state else "", text)
                    )
                ),
            )
            if text and text != "0":
                dark = looks[lines[0][state]] in DARK if state else bool(shade) and lines[0][shade] > 0.55
                page.ax.text(x, y, text, ha="center", va="center", color="white" if dark else INK)
        return page.fig

    used = [
        one for one in dict.fromkeys((row, column, state, number, shade, hue, style, *also.split())) if one
    ]
    behind = frame[used] if rows is None else rows[[row, "label"]].merge(frame[used], on=row, how="left")
    publish(draw, name, behind, f"{title}. A grid of {len(shown)} rows and {len(heads)} columns.{more}")


def _shade(share: float) -> dict[str, object]:
    """White for 0, the first colour for 1."""
    red, green, blue = (1 - float(share) * (1 - int(COLOURS[0][i : i + 2], 16) / 255) for i in (1, 3, 5))
    return {
        "facecolor": to_hex((red, green, blue)),
        "edgecolor": "#999999",
        "linewidth": 0.6,
    }


def _marks(ax: Axes, x: int, y: float, lines: list[dict], hue: str, style: str, says: str) -> None:
    """Marks of a cell, side by side around its middle."""
    for i, line in enumerate(lines):
        aside = ScaledTranslation((i - (len(lines) - 1) / 2) * 0.11, 0, ax.figure.dpi_scale_trans)
        (one,) = ax.plot(x, y, transform=ax.transData + aside, **mark(line, hue))
        tell(one, text_of(line[says]) if says else text_of(line[style or hue]))
