"""Saving a figure in its two widths with the numbers behind it, and showing it with its text alternative."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Callable
from pathlib import Path

import matplotlib
import pandas as pd
from IPython.display import Markdown, display
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from compendium.charts.looks import PALE
from compendium.charts.sheet import CREDIT_LETTER, CREDIT_SIZE, EDGE, PAGE, PHONE, credit_lines, wrap
from compendium.words import say, text_of

Draw = Callable[[float], Figure]  # a figure at a width in inches
Publish = Callable[[Draw, str, pd.DataFrame, str], None]  # `publish`, with the place and the credit given

SAYS = "says:"  # begins the name of a mark that tells what it is
LONGEST = 300  # letters of a text alternative
FONTS = "'DejaVu Sans', Verdana, sans-serif"  # Verdana has nearly the same widths where the first is not installed
BEHIND = "The numbers stand in the table and in the CSV file of this figure."


def nothing(frame: pd.DataFrame) -> bool:
    """Whether there is nothing to draw; one sentence says so then."""
    if frame.empty:
        say("*There is nothing to draw here, in this data package or by this date.*")
    return frame.empty


def tell(artist: Artist, what: str, address: str = "") -> None:
    """Let a mark say what it is, to a pointer or a screen reader, and lead to an address."""
    artist.set_gid(SAYS + what)
    if address:
        artist.set_url(address)


def publish(
    draw: Draw,
    name: str,
    data: pd.DataFrame,
    told: str,
    *,
    figures_dir: str | Path,
    credit: str = "",
) -> None:
    """Draw a figure at both widths, save it and show it.

    Writes `<name>.svg`, `<name>-phone.svg`, `<name>.png`, `<name>.pdf` and `<name>.csv` (`data`: the numbers behind the
    figure) to `figures_dir`, with fixed metadata so that equal data give equal files, and shows the picture with its
    text alternative: `told`, the point of the figure. `credit` stands at its foot: whose it is, version and licence.
    The output names the fingerprints of the files, so that a changed figure is a changed output.
    """
    folder = Path(figures_dir)
    folder.mkdir(parents=True, exist_ok=True)
    alt = alternative(told)
    page, phone = (sign(draw(width), credit) for width in (PAGE, PHONE))
    made = {
        f"{name}.svg": _svg(page, name, alt),
        f"{name}-phone.svg": _svg(phone, name, alt),
        f"{name}.png": _png(page, name, alt),
        f"{name}.pdf": _pdf(page, name, alt),
        f"{name}.csv": data.map(text_of).to_csv(index=False, lineterminator="\n").encode(),
    }
    for file, content in made.items():
        (folder / file).write_bytes(content)
    prints = ", ".join(f"{file} {hashlib.sha256(content).hexdigest()[:16]}" for file, content in made.items())
    display(
        {
            "image/png": base64.b64encode(made[f"{name}.png"]).decode(),
            "text/plain": f"Figure {name}: {alt}\n({prints})",
        },
        metadata={"image/png": {"alt": alt, "width": round(PAGE * 100)}, "compendium": {"figure": name}},
        raw=True,
    )
    links = " · ".join(
        f"[{kind.upper()}]({figures_dir}/{name}.{kind})" for kind in ("csv", "svg", "png", "pdf")
    )
    display(Markdown(links), metadata={"compendium": {"links": name}})


def sign(fig: Figure, credit: str) -> Figure:
    """A figure with its credit in the room that `sheet.canvas` keeps for it, cut where that is too small."""
    width, height = fig.get_size_inches()
    lines = wrap(credit, (width - 2 * EDGE) / CREDIT_LETTER).split("\n")
    text = "\n".join(lines[: credit_lines(width)])
    fig.text(EDGE / width, 0.05 / height, text, size=CREDIT_SIZE, color=PALE, linespacing=1.2)
    return fig


def alternative(told: str) -> str:
    """The point of a figure and where its numbers are, in as many letters as a screen reader should read."""
    room = LONGEST - len(BEHIND) - 1
    return f"{told if len(told) <= room else told[: room - 1].rsplit(' ', 1)[0] + '…'} {BEHIND}"


def _svg(fig: Figure, name: str, alt: str) -> bytes:
    """A figure as SVG with real text, in which marks tell what they are."""
    raw = io.BytesIO()
    fig.savefig(
        raw, format="svg", metadata={"Title": name, "Description": alt, "Date": None, "Creator": None}
    )
    text, said = raw.getvalue().decode().replace("'DejaVu Sans'", FONTS), ""

    def named(found: re.Match[str]) -> str:
        nonlocal said
        if found["link"]:  # of the mark before it
            return f'<a xlink:href="{found["link"]}" aria-label="{said}">'
        said = found["said"].replace('"', "&quot;")
        return f'<g class="mark"><title>{said}</title>'

    mark = rf'<g id=(?P<quote>["\']){SAYS}(?P<said>.*?)(?P=quote)>'
    mark_or_link = rf'{mark}|<a xlink:href="(?P<link>[^"]*)" target="_blank">'
    return re.sub(mark_or_link, named, text).encode()


def _pdf(fig: Figure, name: str, alt: str) -> bytes:
    """A figure as PDF for print, with its fonts."""
    raw = io.BytesIO()
    about = {"Title": name, "Subject": alt, "CreationDate": None, "Producer": None, "Creator": None}
    fig.savefig(raw, format="pdf", metadata=about)
    return raw.getvalue()


def _png(fig: Figure, name: str, alt: str) -> bytes:
    """A figure as PNG with a palette, which halves it and loses no colour that an eye could tell."""
    dpi = matplotlib.rcParams["savefig.dpi"]
    raw = io.BytesIO()
    fig.savefig(raw, format="rgba")
    # The size as matplotlib rounds it when it saves.
    width, height = (int(inches * dpi) for inches in fig.get_size_inches())
    picture = Image.frombuffer("RGBA", (width, height), raw.getvalue()).convert("RGB")
    texts = PngInfo()
    texts.add_itxt("Title", name)
    texts.add_itxt("Description", alt)
    picture = picture.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    file = io.BytesIO()
    picture.save(file, "png", pnginfo=texts, dpi=(dpi, dpi))
    return file.getvalue()
