"""The look of figures, saving and showing them, and what several of them draw."""

from __future__ import annotations

import base64
import hashlib
import io
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.style
import pandas as pd
from IPython.display import Markdown, display
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from compendium import pictures
from compendium.legacy_page import text_of
from compendium.periods import end_of, sort_key, start_of

# Okabe and Ito's colours, safe for the common colour-vision deficiencies; yellow is left out because it fades on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "h")
INK, PALE, FAINT = "#111111", "#767676", "#d9d9d9"
MARGIN = 0.12  # inches kept free at the edges
LINE = 1.25  # line height in font sizes
POINT = 1 / 72  # inches
KEY_ROW = 0.17  # inches
# What can still be read on a page. Beyond it figures summarise and say so; every row stands in the CSV and the tables.
MOST = 40  # rows of a figure
CROWD = 400  # marks of a figure
MANY = 28  # holders that a key can explain


# The reader's own settings of matplotlib must not change a figure: defaults first, then the one style file.
matplotlib.rcdefaults()
with as_file(files("compendium") / "style.mplstyle") as path:
    matplotlib.style.use(path)


def colour(ordinal: int) -> str:
    """Colour of the mandate holder with this order of office: the same in every figure."""
    return COLOURS[(ordinal - 1) % len(COLOURS)]


def marker(ordinal: int) -> str:
    """Marker of the mandate holder with this order of office: the second channel beside colour."""
    return MARKERS[(ordinal - 1) % len(MARKERS)]


def decimal_year(day: date) -> float:
    """A day as a point on an axis of years."""
    first, following = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + (day - first) / (following - first)


def wrap(text: str, width: int) -> str:
    """Text in lines of at most `width` characters."""
    return "\n".join(textwrap.wrap(text, width))


def canvas(
    title: str,
    subtitle: str,
    height: float,
    *,
    width: float = 7,
    left: float = 0.3,
    right: float = 0.2,
    top: float = 0.1,
    bottom: float = 0.45,
) -> tuple[Figure, Axes]:
    """A figure with its title and the line under it (unit, layer, "as of"), and the axes below them.

    `height` is that of the drawing area; `width` that of the whole figure; `left`, `right`, `top` and `bottom` are the
    margins for labels; all in inches. Title and subtitle wrap, and the figure grows with them.
    """
    size, small = matplotlib.rcParams["font.size"] + 2, matplotlib.rcParams["font.size"]
    title = wrap(title, int(width / (size * 0.66 * POINT)))
    subtitle = wrap(subtitle, int(width / (small * 0.57 * POINT)))
    heads = [(title, size, "bold", INK), (subtitle, small, "normal", "#444444")]
    head = MARGIN + 0.06 + sum((text.count("\n") + 1) * font * LINE * POINT for text, font, *_ in heads)
    total = height + head + top + bottom
    fig = Figure(figsize=(width, total))
    FigureCanvasAgg(fig)
    y = total - MARGIN
    for text, font, weight, ink in heads:
        fig.text(
            MARGIN / width, y / total, text, size=font, weight=weight, color=ink, va="top", linespacing=LINE
        )
        y -= (text.count("\n") + 1) * font * LINE * POINT + 0.03
    ax = fig.add_axes((left / width, bottom / total, 1 - (left + right) / width, height / total))
    return fig, ax


def lattice(
    ax: Axes, columns: Sequence[str], rows: Sequence[str], *, column: int = 15, row: int = 60
) -> None:
    """Make axes a lattice with `columns` named on top and `rows` at the left, wrapped at so many characters.

    The cell of the i-th column and the k-th row has the point (i, k) as its centre; the first row is the uppermost.
    """
    ax.set_xticks(range(len(columns)), [wrap(name, column) for name in columns])
    ax.set_yticks(range(len(rows)), [wrap(name, row) for name in rows])
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0)
    ax.spines["bottom"].set_visible(False)


def latest(frame: pd.DataFrame, noun: str) -> tuple[pd.DataFrame, str]:
    """The last `MOST` rows, as many as a figure can show, and what to say of the others; nothing if there are none."""
    left_out = len(frame) > MOST
    return frame.tail(MOST), f" The last {MOST} of {len(frame):,} {noun}." if left_out else ""


def each_mark(number: int, one: str) -> str:
    """What a mark of `lanes` is, for the line under the title: one thing or, of a crowd, the number of a year."""
    return (
        f"Each mark: {one}." if number <= CROWD else f"Each circle: the number of a year ({number:,} in all)."
    )


def lanes(
    ax: Axes, names: Sequence[str], marks: Sequence[tuple[int, pd.Period, dict[str, Any], str]]
) -> None:
    """Draw dated marks in named lanes on an axis of years, the first lane uppermost.

    Each mark has its lane (from 0), its date, what `Axes.plot` is told of its look, and a label to stand at its right,
    mostly empty. A date of reduced precision is drawn in the middle of what it may mean, with a rule as long as that;
    marks of one lane that would touch are spread. A crowd of marks is summed by lane and year.
    """
    ax.set_yticks(range(len(names)), [wrap(name, 24) for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    if len(marks) > CROWD:
        circles(ax, Counter((start_of(day).year + 0.5, float(lane)) for lane, day, *_ in marks))
        return
    placed: dict[int, list[tuple[float, int]]] = {}
    left, right = ax.get_xlim()
    letter = (right - left) / (ax.get_window_extent().width / ax.figure.dpi) * 0.085
    for lane, day, look, label in sorted(marks, key=lambda mark: (mark[0], sort_key(mark[1]))):
        first, last = decimal_year(start_of(day)), decimal_year(end_of(day))
        x = (first + last) / 2
        reach = x + letter * (len(label) + 1)
        near = {level for end, level in placed.get(lane, []) if x < end}
        level = next(n for n in range(len(near) + 1) if n not in near)
        placed.setdefault(lane, []).append((reach, level))
        y = lane + (-1) ** level * ((level + 1) // 2) * 0.22
        if day.freqstr != "D":
            ax.plot([first, last], [y, y], color="#aaaaaa", linewidth=2.5, zorder=1, solid_capstyle="butt")
        plain: dict[str, Any] = {"marker": "o", "markersize": 5, "color": INK, "linestyle": ""}
        ax.plot(x, y, **plain | look)
        if label:
            side, align = (5, "left") if reach < right else (-5, "right")
            ax.annotate(label, (x, y), xytext=(side, 0), textcoords="offset points", va="center", ha=align)


def circles(ax: Axes, numbers: Mapping[tuple[float, float], int]) -> None:
    """Draw the numbers of a crowd: at each point a circle whose area is its number."""
    points = list(numbers)
    most = max(numbers.values())
    sizes = [4 + 120 * numbers[point] / most for point in points]
    ax.scatter(
        [x for x, _ in points],
        [y for _, y in points],
        s=sizes,
        facecolor=FAINT,
        edgecolors=PALE,
        linewidths=0.6,
    )


def year_axis(ax: Axes, left: float, right: float) -> None:
    """Let the horizontal axis run from `left` to `right` (decimal years), with whole years as labels."""
    ax.set_xlim(left, right)
    width = ax.get_window_extent().width / ax.figure.dpi
    ax.xaxis.set_major_locator(MaxNLocator(nbins=max(2, int(width * 2)), steps=[1, 2, 5, 10], integer=True))
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:.0f}"))
    ax.grid(axis="x")


def key(fig: Figure, handles: Sequence[Artist]) -> None:
    """Explain marks at the lower left of a figure, in as many rows as they need; each handle brings its label."""
    rows = _key_rows([str(handle.get_label()) for handle in handles], fig.get_size_inches()[0])
    fig.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.005, 0.0),
        ncols=-(-len(handles) // rows),
        frameon=False,
        handletextpad=0.5,
        columnspacing=1.6,
        borderpad=0.3,
    )


def _key_rows(labels: Sequence[str], width: float) -> int:
    """Rows of a key in a figure of this width (inches)."""
    return -(-sum(len(label) + 5 for label in labels) // int(width * 11))


def key_room(labels: Iterable[str], width: float = 7) -> float:
    """Height (inches) that a key with these labels takes at the bottom of a figure of this width (inches)."""
    labels = list(labels)
    return KEY_ROW * _key_rows(labels, width) if len(labels) <= MANY else KEY_ROW


def holder_key(fig: Figure, holders: pd.DataFrame) -> None:
    """Explain the colours and markers of mandate holders; `holders` has the columns `ordinal` and `short_name`."""
    if len(holders) > MANY:
        key(
            fig,
            [Line2D([], [], linestyle="", label=f"{len(holders):,} holders: see the CSV behind this figure")],
        )
        return
    people = [(int(row["ordinal"]), row["short_name"]) for row in holders.to_dict("records")]
    key(
        fig,
        [Line2D([], [], linestyle="", color=colour(n), marker=marker(n), label=name) for n, name in people],
    )


def fade(ax: Axes, y: float, full: float, empty: float, height: float, ink: str) -> None:
    """A bar that fades from `full` to `empty` (points on the horizontal axis): what is known less well looks so."""
    steps = 16
    width = (empty - full) / steps
    for i in range(steps):
        ax.barh(
            y,
            width,
            left=full + i * width,
            height=height,
            align="center",
            color=ink,
            alpha=1 - (i + 0.5) / steps,
        )


def publish(fig: Figure, name: str, data: pd.DataFrame, alt: str, figures_dir: str | Path) -> None:
    """Save a figure and show it.

    Writes `<name>.svg`, `<name>.png` and `<name>.csv` (`data`: the numbers behind the figure) to `figures_dir`, with
    fixed metadata so that equal data give equal files, and shows the picture with its text alternative `alt`. The
    output names the fingerprints of the files, so that a changed figure is a changed output.
    """
    folder = Path(figures_dir)
    folder.mkdir(parents=True, exist_ok=True)
    about = {"Title": name, "Description": alt}
    svg = io.BytesIO()
    fig.savefig(svg, format="svg", metadata=about | {"Date": None, "Creator": None})
    made = {"svg": svg.getvalue(), "png": pictures.png(fig, about)}
    made["csv"] = data.map(text_of).to_csv(index=False, lineterminator="\n").encode()
    for kind, content in made.items():
        (folder / f"{name}.{kind}").write_bytes(content)
    prints = ", ".join(f"{kind} {hashlib.sha256(content).hexdigest()[:16]}" for kind, content in made.items())
    width = round(fig.get_size_inches()[0] * 100)
    display(
        {
            "image/png": base64.b64encode(made["png"]).decode(),
            "text/plain": f"Figure {name}: {alt}\n({prints})",
        },
        metadata={"image/png": {"alt": alt, "width": width}},
        raw=True,
    )
    display(
        Markdown(
            " · ".join(f"[{kind.upper()}]({figures_dir}/{name}.{kind})" for kind in ("csv", "svg", "png"))
        )
    )


def layout_faults(fig: Figure) -> list[str]:
    """Texts of a figure that are cut at its edge or that overlap one another: one sentence each."""
    fig.canvas.draw()
    texts = [text for text in fig.findobj(Text) if text.get_visible() and text.get_text().strip()]
    hidden = _not_drawn(fig)
    boxes = [(text, text.get_window_extent()) for text in texts if text not in hidden]
    edge = fig.bbox
    faults = [
        f"{_words(text)} is cut"
        for text, box in boxes
        if box.x0 < edge.x0 - 1 or box.y0 < edge.y0 - 1 or box.x1 > edge.x1 + 1 or box.y1 > edge.y1 + 1
    ]
    upright = [
        (text, box) for text, box in boxes if not text.get_rotation()
    ]  # boxes of slanted texts cross harmlessly
    for i, (text, box) in enumerate(upright):
        for other, its in upright[i + 1 :]:
            width = min(box.x1, its.x1) - max(box.x0, its.x0)
            height = min(box.y1, its.y1) - max(box.y0, its.y0)
            if width > 1 and height > 1:
                faults.append(f"{_words(text)} and {_words(other)} overlap")
    return faults


def _words(text: Text) -> str:
    return repr(text.get_text().replace("\n", " "))


def _not_drawn(fig: Figure) -> set[Text]:
    """Labels of ticks that exist outside the limits of their axis, and all of axes that are switched off."""
    found: set[Text] = set()
    for ax in fig.axes:
        for axis, place in ((ax.xaxis, 0), (ax.yaxis, 1)):
            low, high = sorted(axis.get_view_interval())
            found |= {
                text
                for text in axis.findobj(Text)
                if text is not axis.label and not (ax.axison and low <= text.get_position()[place] <= high)
            }
    return found
