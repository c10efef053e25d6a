"""The pages of the notebooks: their code folded away, their figures with what belongs to them."""

from __future__ import annotations

import base64
import copy
import re
from collections.abc import Iterable, Mapping
from html import escape

from nbformat import NotebookNode
from nbformat.v4 import new_output

FIGURE = re.compile(r"Figure (\S+): ")  # how `figures.publish` begins the plain text of a figure
FINDING = re.compile(r"> \*\*Finding\.\*\* ")  # how `page.finding` begins


def html(content: str) -> NotebookNode:
    """An output of a cell that is HTML."""
    output: NotebookNode = new_output("display_data", {"text/html": content})
    return output


def markdown_outputs(cell: NotebookNode) -> list[str]:
    """The sentences that a cell shows, as Markdown."""
    return [output.data["text/markdown"] for output in _shown(cell) if "text/markdown" in output.data]


def findings(cell: NotebookNode) -> list[str]:
    """The findings that a cell shows, as Markdown, without the word that sets them apart."""
    return [FINDING.sub("", text) for text in markdown_outputs(cell) if FINDING.match(text)]


def figure_names(cell: NotebookNode) -> list[str]:
    """Names of the figures that a cell shows."""
    return [name for output in _shown(cell) if (name := _figure_name(output))]


def anchor(cell: NotebookNode) -> str:
    """Where a cell stands on the page of its notebook."""
    return f"cell-{cell.id}"


def tagged(notebooks: Mapping[str, NotebookNode], tag: str) -> list[tuple[str, NotebookNode]]:
    """The cells with this tag, each with the name of its notebook, in order."""
    return [
        (name, cell)
        for name, notebook in notebooks.items()
        for cell in notebook.cells
        if tag in cell.metadata.get("tags", [])
    ]


def title(notebook: NotebookNode) -> str:
    """The heading of a notebook, as Markdown."""
    return _first(notebook, r"^# (.+)$")


def question(notebook: NotebookNode) -> str:
    """The question that a notebook answers, as Markdown; nothing if it does not say."""
    return " ".join(_first(notebook, r"^\*\*Question\.\*\* ((?:.+\n?)+)").split())


def _first(notebook: NotebookNode, pattern: str) -> str:
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = (re.search(pattern, text, re.MULTILINE) for text in texts)
    return next((one[1] for one in found if one), "")


def figure(output: NotebookNode, where: str) -> str:
    """A figure as HTML: the drawing with its text alternative, and links to its cell, its numbers and its files.

    `where` is the address of the cell that shows it.
    """
    name, about = _figure_name(output), output.metadata["image/png"]
    wide, high = _size(output.data["image/png"])
    width = int(about.get("width", wide))
    path = f"figures/{escape(name)}"
    files = " · ".join(
        f'<a href="{path}.{kind}" download>{label}</a>'
        for kind, label in (("csv", "numbers (CSV)"), ("svg", "SVG"), ("png", "PNG"))
    )
    return (
        f'<figure class="figure" id="figure-{escape(name)}">\n'
        f'<div class="scrolls picture" role="group" tabindex="0" aria-label="Figure {escape(name)}">'
        f'<img src="{path}.svg" alt="{escape(about["alt"])}" width="{width}" height="{round(width * high / wide)}">'
        f'</div>\n<figcaption>Figure {escape(name)}: <a href="{escape(where)}">how it is made</a> · {files}'
        "</figcaption>\n</figure>"
    )


def page(notebook: NotebookNode) -> NotebookNode:
    """The notebook as a page: code folded, figures with their links. What is shown stays in order."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata["tags"] = sorted({*cell.metadata.get("tags", []), "hide-input"})
            cell.metadata["anchor"] = anchor(cell)
            cell.outputs = list(_outputs(cell))
    return notebook


def _outputs(cell: NotebookNode) -> Iterable[NotebookNode]:
    """Outputs of a cell, its figures as HTML and without the lines of links that follow them in the notebook."""
    names = figure_names(cell)
    for output in cell.outputs:
        links = output.get("data", {}).get("text/markdown", "")
        if _figure_name(output):
            yield html(figure(output, f"#{anchor(cell)}"))
        elif not any(re.match(rf"\[CSV\]\([^)]*{re.escape(name)}\.csv\) · ", links) for name in names):
            yield output


def _shown(cell: NotebookNode) -> list[NotebookNode]:
    return [output for output in cell.get("outputs", []) if "data" in output]


def _figure_name(output: NotebookNode) -> str:
    """Name of the figure that an output shows, or nothing."""
    data = output.get("data", {})
    found = FIGURE.match(data.get("text/plain", "")) if "image/png" in data else None
    return found[1] if found else ""


def _size(png: str) -> tuple[int, int]:
    """Width and height of a picture, in its dots, from the head of the file."""
    head = base64.b64decode(png[:64])
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
