"""Other mandates: the same notebooks on packages with other holders, years and tables, or without some of them."""

import json
import re
import shutil
from pathlib import Path

import pytest

import synthetic
from compendium import figures
from compendium.check import check, report
from compendium.tables import load
from conftest import NOTEBOOKS, TESTS, Played

# What the notebooks may not say of another mandate, and what their standing prose may say of none.
OURS = re.compile(r"sale of children|Leiden|Optional Protocol|OPSC|Commission on Human Rights", re.IGNORECASE)
YEARS = re.compile(r"\b(1990|2008|2015)\b")
REAL = load(TESTS.parent / "data")

SHAPES = {
    "one holder": {"holders": 1, "documents": 1, "visits": 1, "first": 2021},
    "two holders": {"holders": 2, "first": 2014},
    "twelve holders": {"holders": 12, "first": 1980, "documents": 60, "visits": 40},
    "a working group": {"holders": 15, "at_a_time": 5, "first": 2000, "documents": 40, "visits": 30},
    "no coding": {"holders": 3, "coding": False},
    "no documents": {"holders": 2, "documents": 0, "visits": 0, "coding": False},
}


@pytest.fixture(scope="module")
def mandates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Packages of the shapes above."""
    folder = tmp_path_factory.mktemp("mandates")
    return {
        name: synthetic.package(folder / name.replace(" ", "-"), **shape) for name, shape in SHAPES.items()
    }


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


def prose(path: Path) -> str:
    """What stands in a notebook whatever the data are."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def sound(played) -> None:
    """Assert that a played notebook has no complaint, no empty figure and no text that cannot be read."""
    assert played.complaints == ""
    assert [name for name, data in played.data.items() if data.empty] == []
    faults = {name: figures.layout_faults(fig) for name, fig in played.figures.items()}
    assert {name: found for name, found in faults.items() if found} == {}
    assert all("nan" not in re.findall(r"[A-Za-z]+", text) for cell in played.said for text in cell)


@pytest.mark.parametrize("shape", SHAPES)
def test_packages_of_all_shapes_are_sound(mandates, shape):
    found = check(mandates[shape])
    assert not found, report(found)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_notebooks_run_on_another_mandate(mandates, shape, path, play):
    played = play(path, None, mandates[shape])
    sound(played)
    said = "\n".join(text for cell in played.said for text in cell)
    assert not OURS.search(said), OURS.search(said)


def test_no_prose_tells_of_one_mandate_alone(path):
    assert not OURS.search(prose(path)) and not YEARS.search(prose(path).replace("`2015-05-31`", ""))


def test_the_notebooks_run_on_mandate_m(package, path):
    sound(Played(path, None, package))


@pytest.mark.parametrize("missing", [*REAL, "everything of the record", "everything"])
def test_a_table_that_is_missing_gives_a_sentence(mandates, path, missing, tmp_path):
    package = tmp_path / "package"
    shutil.copytree(mandates["two holders"], package)
    description = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    gone = [
        table
        for table in description["resources"]
        if table["name"] == missing
        or (missing == "everything" and table["name"] != "vocabularies")
        or (missing.endswith("record") and table["path"].startswith("record/"))
    ]
    for table in gone:
        (package / table["path"]).unlink()
    description["resources"] = [table for table in description["resources"] if table not in gone]
    (package / "datapackage.json").write_text(json.dumps(description), encoding="utf-8")
    found = check(package)
    assert not found, report(found)
    sound(Played(path, None, package))
