"""nbval, as `make test` calls it, fails on every kind of tampering with a committed notebook, and on nothing else."""

import copy
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

import comparing
from compendium.execution import hygiene
from conftest import PROJECT

SUBJECT = "04-achievements.ipynb"  # short, with all that can be tampered with


def outputs(notebook: NotebookNode, kind: str) -> Iterator[NotebookNode]:
    for cell in notebook.cells:
        yield from (one for one in cell.get("outputs", ()) if kind in one.get("data", {}))


def changed_number(notebook: NotebookNode) -> None:
    """The first digit of the first sentence with one becomes another."""
    said = next(
        one for one in outputs(notebook, "text/markdown") if re.search(r"\d", one.data["text/markdown"])
    )
    said.data["text/markdown"] = re.sub(
        r"\d", lambda digit: str((int(digit[0]) + 1) % 10), said.data["text/markdown"], count=1
    )


def changed_table(notebook: NotebookNode) -> None:
    """The first cell of the first table says something else, and the plain form stays as it was."""
    table = next(outputs(notebook, "text/html"))
    table.data["text/html"] = re.sub(r"(<td[^>]*>)", r"\1x", table.data["text/html"], count=1)


def changed_figure(notebook: NotebookNode) -> None:
    """The picture is another one: so is its fingerprint."""
    figure = next(outputs(notebook, "image/png"))
    figure.data["text/plain"] = re.sub(
        r"(png )(\w)", lambda found: found[1] + ("1" if found[2] == "0" else "0"), figure.data["text/plain"]
    )


def missing_output(notebook: NotebookNode) -> None:
    del next(cell for cell in notebook.cells if len(cell.get("outputs", ())) > 1).outputs[-1]


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


WAYS = (
    *(changed_number, changed_table, changed_figure, missing_output, no_output_at_all, added_output),
    *(stripped, no_count, untouched),
)


@pytest.mark.long
def test_a_notebook_that_was_tampered_with_fails_and_one_that_was_not_passes(made: Path, tmp_path: Path):
    shutil.copytree(made / "data", tmp_path / "data")
    (tmp_path / "notebooks").mkdir()
    subject = hygiene.read(made / "notebooks" / SUBJECT)
    for tamper in WAYS:
        notebook = copy.deepcopy(subject)
        tamper(notebook)
        assert tamper is untouched or notebook != subject
        path = tmp_path / "notebooks" / f"04-{tamper.__name__}.ipynb"
        path.write_bytes(hygiene.to_bytes(notebook))
    options = ["-p", "tests.comparing", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider"]
    where = os.pathsep.join([str(PROJECT / "notebooks"), str(PROJECT)])
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--junit-xml=told.xml", "notebooks"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": where},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1 and "Traceback" not in result.stdout, result.stdout + result.stderr
    failed = {
        re.findall(r"04-(\w+)", case.attrib["classname"])[0]
        for case in ElementTree.parse(tmp_path / "told.xml").iter("testcase")
        if case.find("failure") is not None
    }
    assert failed == {tamper.__name__ for tamper in WAYS} - {"untouched"}
    assert (
        "04-changed_number.ipynb, cell [" in result.stdout and "stands there as not executed" in result.stdout
    )
    assert re.search(r"^    -.*\n    \+", result.stdout, re.MULTILINE)


def test_a_difference_is_cut_where_it_is_long():
    def show(*lines: str) -> list[NotebookNode]:
        return [new_output("display_data", {"image/svg+xml": "\n".join(["<svg>", *lines])})]

    told = comparing.differences(show(*["a"] * 50), show("b" * 1000, *["b"] * 49))
    assert len(told) < 12 and max(map(len, told)) < 200 and "more lines" in told[-1]
