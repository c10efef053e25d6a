"""Every figure of every notebook: no text is cut, none overlaps another, all are large enough to read."""

import pytest
from matplotlib.text import Text

from compendium import figures
from conftest import NOTEBOOKS

SMALLEST = 8  # points


@pytest.mark.parametrize("as_of", [None, "2015-05-31", "2008-03-31"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_texts_of_figures_are_whole_apart_and_readable(path, as_of, play):
    published = play(path, as_of).figures
    assert published or as_of == "2008-03-31", "the notebook has no figure"
    faults = {name: figures.layout_faults(fig) for name, fig in published.items()}
    assert {name: found for name, found in faults.items() if found} == {}
    for fig in published.values():
        assert min(text.get_size() for text in fig.findobj(Text) if text.get_text().strip()) >= SMALLEST
