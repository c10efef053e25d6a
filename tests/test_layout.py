"""Every figure of every notebook: no text is cut, none overlaps another, all are large enough to read."""

import json
from pathlib import Path

import pytest
from matplotlib.text import Text

from compendium import figures, page

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("[0-9]*.ipynb"))
SMALLEST = 8  # points


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_texts_of_figures_are_whole_apart_and_readable(path, monkeypatch):
    published = {}
    monkeypatch.setattr(figures, "publish", lambda fig, name, *_: published.update({name: fig}))
    monkeypatch.setattr(page, "display", lambda *_, **__: None)
    monkeypatch.chdir(path.parent)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    names: dict = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), path.name, "exec"), names)
    assert published, "the notebook has no figure"
    faults = {name: figures.layout_faults(fig) for name, fig in published.items()}
    assert {name: found for name, found in faults.items() if found} == {}
    for fig in published.values():
        assert min(text.get_size() for text in fig.findobj(Text) if text.get_text().strip()) >= SMALLEST
