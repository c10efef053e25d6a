"""What stays in an executed notebook: nothing of the machine, the moment or the version that executed it."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbstripout import strip_output

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}  # without the version
INJECTED = "injected-parameters"  # how papermill tags the cell that it adds
NOISE = [
    "metadata.papermill",
    "metadata.signature",
    "metadata.widgets",
    "cell.metadata.papermill",
    "cell.metadata.execution",
    "cell.metadata.ExecuteTime",
    "cell.metadata.collapsed",
    "cell.metadata.scrolled",
    "cell.metadata.jp-MarkdownHeadingCollapsed",
]


def read(path: Path) -> NotebookNode:
    """The notebook in a file, brought to the newest version 4 of the format.

    Cells without an id, from before the format had them, get their place as one: nbformat would give a random one.
    Raises ValueError, with a sentence for the reader, if the file is not a notebook.
    """
    try:
        old = nbformat.read(path, as_version=4)
        without_ids = old.nbformat_minor < 5
        notebook: NotebookNode = nbformat.v4.upgrade(old)
    except Exception as error:  # what nbformat raises depends on where it stumbles
        raise ValueError(f"{path.name} is not a notebook that Jupyter can read.") from error
    if without_ids:
        for place, cell in enumerate(notebook.cells):
            cell.id = f"cell-{place}"
    return notebook


def clean(notebook: NotebookNode) -> NotebookNode:
    """Take everything from a notebook, in place, that differs from run to run; keep outputs and counts."""
    strip_output(notebook, keep_output=True, keep_count=True, keep_id=True, extra_keys=NOISE)
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", ["none"])
        if not tags:
            del cell.metadata["tags"]
        if INJECTED in tags:
            cell.id = INJECTED  # papermill gives it a random one
    notebook.metadata.update(nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE}))
    return notebook


def to_bytes(notebook: NotebookNode) -> bytes:
    """The notebook as it stands in its file: UTF-8 with LF on every system."""
    return f"{nbformat.writes(notebook)}\n".encode()
