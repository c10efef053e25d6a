"""nbval, as `make test` calls it, fails on every kind of tampering with a committed notebook, and on nothing else."""

import copy
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from nbformat import NotebookNode

from compendium import hygiene
from compendium.run import stage

PROJECT = Path(__file__).resolve().parents[1]
SUBJECT = "04-achievements.ipynb"  # short, with all that can be tampered with


def outputs(notebook: NotebookNode, holds: Callable[[dict], bool]) -> list[NotebookNode]:
    return [
        one for cell in notebook.cells for one in cell.get("outputs", ()) if "data" in one and holds(one.data)
    ]


def changed_number(notebook: NotebookNode) -> None:
    """The first digit of the first sentence with one becomes another."""
    said = outputs(notebook, lambda data: any(letter.isdigit() for letter in data.get("text/markdown", "")))[
        0
    ]
    text = said.data["text/markdown"]
    digit = next(letter for letter in text if letter.isdigit())
    said.data["text/markdown"] = text.replace(digit, str((int(digit) + 1) % 10), 1)


def changed_table(notebook: NotebookNode) -> None:
    """The first cell of the first table says something else, and the plain form stays as it was."""
    table = outputs(notebook, lambda data: "<td" in data.get("text/html", ""))[0]
    before, tag, after = table.data["text/html"].partition("<td")
    table.data["text/html"] = before + tag + after.replace(">", ">x", 1)


def changed_figure(notebook: NotebookNode) -> None:
    """The picture is another one: so is its fingerprint."""
    figure = outputs(notebook, lambda data: "image/png" in data)[0]
    text = figure.data["text/plain"]
    place = text.rindex("png ") + 4
    figure.data["text/plain"] = text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]


def missing_output(notebook: NotebookNode) -> None:
    cell = next(cell for cell in notebook.cells if len(cell.get("outputs", ())) > 1)
    del cell.outputs[-1]


def no_output_at_all(notebook: NotebookNode) -> None:
    next(cell for cell in notebook.cells if cell.get("outputs")).outputs = []


def added_output(notebook: NotebookNode) -> None:
    cell = next(cell for cell in notebook.cells if cell.get("outputs"))
    cell.outputs.append(cell.outputs[0])


def stripped(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


def no_count(notebook: NotebookNode) -> None:
    [cell for cell in notebook.cells if cell.cell_type == "code"][-1].execution_count = None


def untouched(notebook: NotebookNode) -> None:
    pass


TAMPERINGS = [
    *(changed_number, changed_table, changed_figure, missing_output, no_output_at_all, added_output),
    *(stripped, no_count),
]


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """How many cells of each tampered notebook nbval fails: one call for all."""
    base = tmp_path_factory.mktemp("tampered")
    for part in ("data", "notebooks"):  # a copy, since other tests may be writing to the project just now
        shutil.copytree(PROJECT / part, base / "project" / part, ignore=shutil.ignore_patterns("compendium"))
    folder = base / "stage"
    stage(base / "project", folder)
    subject = hygiene.read(folder / "notebooks" / SUBJECT)
    for path in (folder / "notebooks").iterdir():
        path.unlink()
    for tamper in (*TAMPERINGS, untouched):
        notebook = copy.deepcopy(subject)
        tamper(notebook)
        (folder / "notebooks" / f"04-{tamper.__name__}.ipynb").write_bytes(hygiene.to_bytes(notebook))
    options = ["-p", "compendium.comparing", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider"]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--junit-xml=told.xml", "notebooks"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1, result.stdout + result.stderr
    found = dict.fromkeys([tamper.__name__ for tamper in (*TAMPERINGS, untouched)], 0)
    for case in ElementTree.parse(folder / "told.xml").iter("testcase"):
        (name,) = re.findall(r"04-(\w+)", case.attrib["classname"])
        found[name] += case.find("failure") is not None
    return found


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
def test_a_notebook_that_was_tampered_with_fails(tamper: Callable, failed: dict[str, int]):
    assert failed[tamper.__name__] >= 1


def test_one_that_was_not_passes(failed: dict[str, int]):
    assert failed["untouched"] == 0
