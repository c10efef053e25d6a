"""What stays in an executed notebook: nothing of the machine, the moment or the version that executed it."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbstripout import strip_output

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}  # without the version
INJECTED = "injected-parameters"  # how papermill tags the cell that it adds
KEPT = ("tags", "jupyter")  # what the metadata of a cell may say


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
    """Leave in a notebook, in place, what the next run makes again, outputs and counts among it, and nothing else.

    Editors and services leave much beside; what may stay is listed, not what must go. The cell that papermill adds
    goes, but for the date `as_of`, without which a reader would not know what is shown.
    """
    strip_output(notebook, keep_output=True, keep_count=True, keep_id=True)
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    cells = []
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(
            {key: cell.metadata[key] for key in KEPT if cell.metadata.get(key)}
        )
        if INJECTED in cell.metadata.get("tags", []):
            cell.id, cell.source = INJECTED, f'as_of = "{as_of}"'  # papermill gives it a random id
            if as_of is None:
                continue
        cells.append(cell)
    notebook.cells = cells
    return notebook


def to_bytes(notebook: NotebookNode) -> bytes:
    """The notebook as it stands in its file: UTF-8 with LF on every system."""
    return f"{nbformat.writes(notebook)}\n".encode()
