"""The sheet on which a form draws: title and line under it, rows with their labels, axis of years, key at the foot."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from typing import Any

import matplotlib
import matplotlib.style
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from compendium.charts.looks import GREY, INK
from compendium.words import text_of

# The reader's own settings of matplotlib must not change a figure: defaults first, then the one style file.
matplotlib.rcdefaults()
with as_file(files("compendium") / "style.mplstyle") as path:
    matplotlib.style.use(path)

PAGE, PHONE = 7.0, 3.1  # widths in inches
SIZE = float(matplotlib.rcParams["font.size"])  # points
LINE = SIZE * 1.25 / 72  # inches that a line takes
LETTER = SIZE * 0.58 / 72  # inches that a letter takes, on average
EDGE = 0.1  # inches kept free at the edges
CREDIT_SIZE = 8.0  # points
CREDIT_LETTER = CREDIT_SIZE * 0.56 / 72  # inches
INDENT = 0.13  # inches by which a row of a tree stands further in than the one above it
MOST = 80  # rows that can still be read in a figure; the CSV behind it has all
CROWD = 400  # marks; more are drawn as numbers


@dataclass
class Row:
    """A row of a figure: its key, its label, how deep it stands in a tree, and what is said instead of marks."""

    key: Any
    label: str
    depth: int = 0
    heading: str = ""
    words: str = ""
    bold: bool = False


@dataclass
class Sheet:
    """A figure at one width: `ax`, whose vertical unit is the inch, and the height `y` of each row's marks."""

    fig: Figure
    ax: Axes
    y: dict[Any, float] = field(default_factory=dict)
    narrow: bool = False


def rows_of(frame: pd.DataFrame, row: str, rows: pd.DataFrame | None = None) -> list[Row]:
    """The rows of a figure: the values of a column in their order or, if given, those of the frame `rows`.

    `rows` has the column `row` and `label`, and may have `depth` (in a tree), `heading` (above the first row that has
    it) and `words` (instead of marks).
    """
    if rows is None:
        column = frame[row].dropna()
        values = (
            sorted(column.unique(), key=list(column.cat.categories).index)
            if is_coded(column)
            else column.unique()
        )
        return [Row(value, text_of(value)) for value in values]
    columns = [row, "label", "depth", "heading", "words"]
    filled = rows.reindex(columns=columns).astype(object).fillna({"depth": 0, "heading": "", "words": ""})
    tree = filled["depth"].max() > 0
    return [
        Row(key, text_of(label), int(depth), heading, words, bold=bool(tree and not depth))
        for key, label, depth, heading, words in filled.itertuples(index=False, name=None)
    ]


def is_coded(column: pd.Series) -> bool:
    """Whether a column has an order of its own."""
    return isinstance(column.dtype, pd.CategoricalDtype)


def too_many(rows: list[Row], noun: str = "rows") -> tuple[list[Row], str]:
    """As many rows as can be read, the last ones, and what to say of the others."""
    return rows[-MOST:], f" The last {MOST} of {len(rows):,} {noun}." if len(rows) > MOST else ""


def sheet(
    width: float,
    title: str,
    note: str,
    rows: Sequence[Row],
    heights: Sequence[float],
    handles: Sequence[Artist] = (),
    *,
    above: float = 0.05,
    below: float = 0.3,
    right: float = 0.2,
) -> Sheet:
    """Open a sheet of a width (inches) with rows whose marks need so many `heights` (inches).

    On a page, labels stand at the left of their rows; on a phone, above them. `above`, `below` and `right` are what
    axes and labels need around the rows, in inches.
    """
    narrow, left = width < PAGE, margin(width, rows)
    indent = [INDENT * row.depth for row in rows]
    room = width - 3 * EDGE if narrow else left - EDGE - 0.1
    labels = [wrap(row.label, (room - space) / LETTER) for row, space in zip(rows, indent, strict=True)]
    tops, middles, at, heading = [], [], 0.0, ""
    for row, label, height in zip(rows, labels, heights, strict=True):
        at += 0.32 if row.heading and row.heading != heading else 0.0
        heading = row.heading
        text = LINE * (label.count("\n") + 1) if label else 0.0
        tops.append(at)
        middles.append(at + text + 0.02 + height / 2 if narrow else at + max(text + 0.08, height) / 2)
        at += text + height + 0.1 if narrow else max(text + 0.08, height)
    fig, ax = canvas(width, title, note, at, handles, left=left, right=right, above=above, below=below)
    ax.set_ylim(at, 0)
    ax.set_yticks([])
    beside, inner = ax.get_yaxis_transform(), width - left - right
    heading = ""
    for row, label, top, middle, space in zip(rows, labels, tops, middles, indent, strict=True):
        x, y = (EDGE + space - left) / inner, top if narrow else middle
        look: Any = {"va": "top" if narrow else "center", "weight": "bold" if row.bold else "normal"}
        if narrow and label:  # no line of a year or a day runs through the words
            look["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
        ax.text(x, y, label, transform=beside, linespacing=1.25, **look)
        if row.heading and row.heading != heading:
            ax.text(
                (EDGE - left) / inner,
                top - 0.07,
                row.heading,
                transform=beside,
                va="bottom",
                style="italic",
                color=GREY,
            )
        heading = row.heading
        if row.bold:
            ax.axhline(top, color="#cccccc", linewidth=0.6, zorder=0)
    return Sheet(fig, ax, {row.key: y for row, y in zip(rows, middles, strict=True)}, narrow)


def margin(width: float, rows: Sequence[Row]) -> float:
    """What labels at the left of their rows take, in inches; on a phone they stand above them."""
    longest = max((len(row.label) * LETTER + INDENT * row.depth for row in rows), default=0)
    if width < PAGE or not longest:
        return 2 * EDGE  # half a label of the axis has room there
    return EDGE + min(0.43 * width, longest + 0.2)


def canvas(
    width: float,
    title: str,
    note: str,
    height: float,
    handles: Sequence[Artist] = (),
    *,
    left: float,
    right: float,
    above: float,
    below: float,
) -> tuple[Figure, Axes]:
    """A figure with title, the line under it and key, and axes of a `height`, between margins; all in inches."""
    heads = [
        (wrap(title, (width - 2 * EDGE) / (LETTER * 1.42)), SIZE + 2, "bold", INK),
        (wrap(note, (width - 2 * EDGE) / LETTER), SIZE, "normal", GREY),
    ]
    sizes = [(text.count("\n") + 1) * size * 1.25 / 72 for text, size, *_ in heads]
    columns = _key_columns(handles, width)
    credit = 0.05 + CREDIT_SIZE * 1.2 / 72 * credit_lines(width)
    foot = credit + (0.19 * -(-len(handles) // columns) + 0.05 if handles else 0.0)
    total = EDGE + sum(sizes) + 0.1 + above + height + below + foot
    fig = Figure(figsize=(width, total))
    FigureCanvasAgg(fig)
    at = total - EDGE
    for (text, size, weight, ink), tall in zip(heads, sizes, strict=True):
        fig.text(
            EDGE / width, at / total, text, size=size, weight=weight, color=ink, va="top", linespacing=1.25
        )
        at -= tall + 0.02
    if handles:
        fig.legend(
            handles=handles, loc="lower left", bbox_to_anchor=(0, credit / total), ncols=columns, frameon=False,
            handletextpad=0.4, columnspacing=1.4, borderpad=0.3, labelspacing=0.35, handlelength=1.4,
        )  # fmt: skip
    ax = fig.add_axes((left / width, (below + foot) / total, 1 - (left + right) / width, height / total))
    return fig, ax


def credit_lines(width: float) -> int:
    """Lines at the foot of a figure that are kept for its credit."""
    return 1 if width >= PAGE else 3


def _key_columns(handles: Sequence[Artist], width: float) -> int:
    """Columns of a key, each as wide as its longest label asks for."""
    longest = max((len(str(one.get_label())) for one in handles), default=1)
    return max(1, min(len(handles), int(width / (longest * LETTER + 0.42))))


def year_axis(ax: Axes, first: float, last: float, *, top: bool = False) -> None:
    """Let the horizontal axis run over years (decimal), with whole years as labels; over four at least."""
    more = max(0.0, 4 - (last - first)) / 2
    ax.set_xlim(first - more, last + more)
    width = ax.get_window_extent().width / ax.figure.dpi
    ax.xaxis.set_major_locator(MaxNLocator(nbins=max(2, int(width * 1.6)), steps=[1, 2, 5, 10], integer=True))
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:.0f}"))
    ax.grid(axis="x")
    if top:
        ax.tick_params(axis="x", top=False, labeltop=True)


def number_axis(ax: Axes, most: float, unit: str) -> None:
    """Let the horizontal axis count from 0 to a little over `most`, named by its unit."""
    width = ax.get_window_extent().width / ax.figure.dpi
    ax.set_xlim(0, most)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=max(2, int(width * 1.5)), steps=[1, 2, 5, 10]))
    ax.grid(axis="x")
    ax.set_xlabel(unit)


def wrap(text: str, letters: float) -> str:
    """Text in lines of at most so many letters, where its words allow it."""
    return "\n".join(
        textwrap.wrap(text, max(6, int(letters)), break_long_words=False, break_on_hyphens=False)
    )


def decimal_years(days: pd.Series) -> pd.Series:
    """Days (datetime64) as points on an axis of years; NaN where there is none."""
    first = pd.to_datetime(days.dt.year.astype("Int64").astype("string") + "-01-01").astype("datetime64[s]")
    length = 365 + days.dt.is_leap_year.astype(int)
    years: pd.Series = days.dt.year + (days - first).dt.days / length
    return years
