"""What stays in an executed notebook: nothing of the machine, the moment or the version that executed it."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbstripout import strip_output

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}  # without the version
INJECTED = "injected-parameters"  # how papermill tags the cell that it adds
STAYS = ("jupyter", "tags")  # of the metadata of a cell; editors and services leave much beside


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


def clean(notebook: NotebookNode, as_of: str | None = None) -> NotebookNode:
    """Keep outputs, tags and counts from 1 on, in place; take out all else that is not what an author wrote.

    The cell of parameters that papermill added goes with its paths; with `as_of` it stays and says that date alone.
    """
    for cell in notebook.cells:
        kept = {key: value for key, value in cell.metadata.items() if key in STAYS and value}
        cell.metadata = nbformat.from_dict(kept)
        if INJECTED in kept.get("tags", ()):
            cell.id, cell.source = INJECTED, f'as_of = "{as_of}"'  # papermill gives it a random id
    gone = [] if as_of else [INJECTED]
    strip_output(notebook, keep_output=True, keep_count=True, keep_id=True, drop_tagged_cells=gone)
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    executed = [cell for cell in notebook.cells if cell.get("execution_count")]
    for count, cell in enumerate(executed, 1):
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
    return notebook


def to_bytes(notebook: NotebookNode) -> bytes:
    """The notebook as it stands in its file: UTF-8 with LF on every system."""
    return f"{nbformat.writes(notebook)}\n".encode()
