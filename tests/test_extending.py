"""What CONTRIBUTING.md tells works: its notebook and its table are picked up without a list to edit."""

import csv
import json
import re
import shutil
import textwrap
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import test_notebooks
from compendium.editing.check import check, report
from compendium.execution import hygiene
from compendium.execution.run import run
from compendium.tables import load
from conftest import NOTEBOOKS, TESTS, Played
from layout import layout_faults

PROJECT = TESTS.parent
GUIDE = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CELLS = [
    textwrap.dedent(cell).strip()
    for cell in re.findall(r"^ *```python\n(.*?)^ *```", GUIDE, re.DOTALL | re.MULTILINE)
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the real data and the notebook of the guide alone."""
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(PROJECT / "data", project / "data")
    (project / "notebooks").mkdir()
    parameters, loading, short, section = CELLS
    cells = [
        new_markdown_cell("# Publications\n\n**Question.** What was published?"),
        new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        new_code_cell(loading),
        new_code_cell(short),
        new_markdown_cell("## Publications over time"),
        new_code_cell(section),
        new_markdown_cell("## What this does not show\n\n- What was read."),
        new_code_cell('page.notes("09")'),
    ]
    nbformat.write(new_notebook(cells=cells), project / "notebooks" / "09-publications.ipynb")
    run(project)
    return project


def test_a_notebook_by_the_guide_is_run_and_follows_every_rule_of_notebooks(project):
    path = project / "notebooks" / "09-publications.ipynb"
    assert {file.name for file in (project / "figures").iterdir()} == {
        f"09-publications{kind}" for kind in (".csv", ".pdf", ".png", ".svg", "-phone.svg")
    }
    notebook = nbformat.read(path, as_version=4)
    rules = [
        name
        for name in dir(test_notebooks)
        if name.startswith(("test_it_", "test_no_", "test_every_", "test_its_"))
    ]
    assert len(rules) >= 10
    for name in rules:
        rule = getattr(test_notebooks, name)
        known = {"path": path, "notebook": notebook}
        rule(**{word: known[word] for word in rule.__code__.co_varnames[: rule.__code__.co_argcount]})
    assert path.read_bytes() == hygiene.to_bytes(hygiene.clean(hygiene.read(path)))


def test_it_reads_well_and_says_what_it_lacks_elsewhere(project, package):
    path = project / "notebooks" / "09-publications.ipynb"
    for fig in Played(path).figures.values():
        assert layout_faults(fig) == []
    assert "There is nothing to draw here" in Played(path, None, package).text


def test_a_table_by_the_guide_is_checked_and_loaded(project):
    header = re.search(r"`(release_id,[a-z_,]+)`", GUIDE)[1].split(",")
    described = json.loads((project / "data" / "datapackage.json").read_text(encoding="utf-8"))
    model = next(table for table in described["resources"] if table["name"] == "events")
    table = json.loads(json.dumps(model)) | {"name": "press_releases", "path": "record/press_releases.csv"}
    known = {field["name"]: field for field in model["schema"]["fields"]}
    table["schema"]["fields"] = [known.get(name, known["event_id"]) | {"name": name} for name in header]
    table["schema"]["primaryKey"] = ["release_id"]
    described["resources"].append(table)
    (project / "data" / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    with (project / "data" / table["path"]).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerow(
            {
                "release_id": "one",
                "date": "2016-05",
                "title": "A release",
                "source_ids": "leiden-2015",
                "status": "confirmed",
            }
        )
    found = check(project / "data")
    assert not found, report(found)
    tables = load(project / "data", "2015")
    assert len(tables["press_releases"]) == 0 and len(load(project / "data")["press_releases"]) == 1
    assert "press_releases" in set(tables.counts()["table"])


# --- a new mandate holder is rows in three tables, and nothing else ---


def append(path: Path, *lines: str) -> None:
    """Add lines to a table, each in its place by the key."""
    header, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([header, *sorted([*rows, *lines])]) + "\n", "utf-8")


HOLDERS = {
    "a seventh holder": ["ada-took-office-1,ada,1,took_office,2026-08-01,ohchr-index,confirmed,,"],
    "a holder without a term": [],
    "a holder who returns": [
        "maalla-mjid-left-office-9,maalla-mjid,2,left_office,2026-11-01,ohchr-index,confirmed,,",
        "maalla-mjid-took-office-9,maalla-mjid,2,took_office,2026-08-01,ohchr-index,confirmed,,",
    ],
}


@pytest.mark.parametrize("kind", HOLDERS)
def test_another_holder_is_rows_and_nothing_else(kind: str, tmp_path: Path, play):
    data = Path(shutil.copytree(PROJECT / "data", tmp_path / "data"))
    name = "Maalla M'jid" if kind.endswith("returns") else "Lovelace"
    if name == "Lovelace":
        holders = data / "record" / "holders.csv"
        row = "ada,7,Ada Lovelace,Lovelace,,GBR,ohchr-index,confirmed,,"
        holders.write_text(holders.read_text("utf-8") + row + "\n", "utf-8")
        append(
            data / "record" / "countries.csv", "GBR,United Kingdom,weog,m49;un-regional-groups,confirmed,,"
        )
    append(data / "record" / "terms.csv", *HOLDERS[kind])
    assert check(data) == []
    for path in NOTEBOOKS:
        if path.stem[:2] in ("00", "01", "02"):
            played = play(path, None, data)
            assert (
                played.complaints == ""
                and {n: layout_faults(one) for n, one in played.figures.items() if layout_faults(one)} == {}
            )
            if path.stem[:2] == "01" and HOLDERS[kind]:
                assert name in played.text and ("7 people" in played.text) == (name == "Lovelace")
