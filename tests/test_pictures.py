"""PNG files: no pixel changes on the way to fewer bytes."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from compendium import figures, pictures


def drawn(colours: int) -> Figure:
    fig, ax = figures.canvas("Title", "What is counted", 1.03)
    ax.imshow(
        np.linspace(0, 1, colours).reshape(1, -1), aspect="auto", cmap="viridis", interpolation="nearest"
    )
    return fig


@pytest.mark.parametrize(("colours", "mode"), [(3, "P"), (400, "RGB")])
def test_a_png_has_the_pixels_that_matplotlib_draws(colours: int, mode: str):
    fig, usual = drawn(colours), io.BytesIO()
    fig.savefig(usual, format="png")
    picture = Image.open(io.BytesIO(pictures.png(fig, {})))
    expected = np.asarray(Image.open(usual).convert("RGB"))
    assert picture.mode == mode or colours > 256
    assert np.array_equal(np.asarray(picture.convert("RGB")), expected)


@pytest.mark.parametrize("number", [1, 256, 257])
def test_a_palette_is_used_where_it_loses_nothing(number: int):
    pixels = np.zeros((1, number, 3), dtype=np.uint8)
    pixels[0, :, 0], pixels[0, :, 1] = np.arange(number) % 256, np.arange(number) // 256
    picture = pictures.with_palette(Image.fromarray(pixels))
    assert picture.mode == ("P" if number <= 256 else "RGB")
    assert np.array_equal(np.asarray(picture.convert("RGB")), pixels)


def test_a_png_tells_its_name_and_what_it_shows_and_its_resolution():
    picture = Image.open(io.BytesIO(pictures.png(drawn(3), {"Title": "01-x", "Description": "Où – наш"})))
    assert picture.text == {"Title": "01-x", "Description": "Où – наш"}
    assert [round(float(dpi)) for dpi in picture.info["dpi"]] == [200, 200]
