"""Other mandates: the same notebooks on packages with other holders, years and tables, or without some of them."""

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from matplotlib.text import Text

import compendium.__main__ as command
import synthetic
from compendium import figures
from compendium.check import check, report
from compendium.legacy_tables import load
from compendium.run import run
from conftest import NOTEBOOKS, TESTS, Played, prints

# What the notebooks may not say of another mandate, and what their standing prose may say of none.
OURS = re.compile(r"sale of children|Leiden|Optional Protocol|OPSC|Commission on Human Rights", re.IGNORECASE)
YEARS = re.compile(r"\b(1990|2008|2015)\b")
REAL = load(TESTS.parent / "data")

PROJECT = TESTS.parent

SHAPES = {
    "one holder": {"holders": 1, "documents": 1, "visits": 1, "first": 2021},
    "two holders": {"holders": 2, "first": 2014},
    "twelve holders": {"holders": 12, "first": 1980, "documents": 60, "visits": 40},
    "a working group": {"holders": 15, "at_a_time": 5, "first": 2000, "documents": 40, "visits": 30},
    "a hundred mandates": {
        "holders": 1000,
        "at_a_time": 100,
        "first": 1990,
        "documents": 5000,
        "visits": 5000,
    },
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
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.sub(r"\b\d\d-[a-z][a-z0-9-]*", "", text)  # the name of a notebook is that of a file


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


def test_a_figure_of_very_much_is_no_larger_than_a_page_can_hold(mandates, path, play):
    for name, fig in play(path, None, mandates["a hundred mandates"]).figures.items():
        assert fig.get_figheight() < 25, name
        assert len([text for text in fig.findobj(Text) if text.get_text()]) < 200, name


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


# --- what came after the assessment ---

[SINCE] = [path for path in NOTEBOOKS if path.stem.startswith("06")]


def test_a_great_deal_after_the_assessment_is_summarised(tmp_path):
    package = synthetic.package(
        tmp_path / "m", holders=60, at_a_time=30, documents=6000, first=2014, challenges=200, bodies=60
    )
    played = Played(SINCE, None, package)
    sound(played)
    said = "\n".join(text for cell in played.said for text in cell)
    assert "The first 80 of 201 rows." in said and "The first 40 of " in said and " more" in said
    assert len(played.data["06-index-mandates"]["body"].unique()) == 58
    drawn = played.figures["06-index-mandates"]
    assert len(drawn.axes) == figures.MOST
    assert any("The first 40 of 58 bodies." in text.get_text().replace("\n", " ") for text in drawn.texts)


@pytest.mark.parametrize(
    "as_of", ["1989", "1991-01", "2006", "2007", "2015-05-10", "2015-10-01", "2016-06", "2020"]
)
def test_it_tells_at_any_date_what_was_there_by_then(as_of, play):
    sound(play(SINCE, as_of))


def test_without_the_bodies_and_the_treaty_of_the_mandate_it_says_so(mandates, tmp_path):
    package = tmp_path / "package"
    shutil.copytree(mandates["two holders"], package)
    description = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    for name in ("index", "treaty", "assessment"):
        del description["mandate"][name]
    (package / "datapackage.json").write_text(json.dumps(description), encoding="utf-8")
    played = Played(SINCE, None, package)
    sound(played)
    said = "\n".join(text for cell in played.said for text in cell)
    assert all(f"(`{name}` in datapackage.json)" in said for name in ("index", "treaty", "assessment"))
    assert set(played.figures) == {"06-parties"}


def test_the_treaty_and_the_bodies_are_those_that_the_package_names(mandates, play):
    played = play(SINCE, None, mandates["two holders"])
    said = "\n".join(text for cell in played.said for text in cell)
    assert "The Treaty on M had" in said and "of the Committee under the Treaty on M" in said
    assert set(played.data["06-index-committee"]["body"]) == {"body-2", "body-3"}
    assert set(played.data["06-index-mandates"]["body"]) == {"body-1", "body-4"}


# --- an empty package to begin with ---


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "my mandate"
    assert command.main(["new", str(folder), "--title", "Mandate <b>*Ü*</b>"]) == 0
    return folder


def test_a_new_package_is_valid_and_explains_each_table(empty):
    assert check(empty) == []
    tables = load(empty)
    assert {name for name, frame in tables.items() if len(frame)} == {"vocabularies"}
    assert set(tables) == set(REAL) and tables.mandate == "Mandate <b>*Ü*</b>"
    guide = (empty / "README.md").read_text(encoding="utf-8")
    for table in tables.descriptor["resources"]:
        names = [field["name"] for field in table["schema"]["fields"]]
        assert f"## {table['path']}\n" in guide and f"\n{','.join(names)}\n" in guide
        assert all(f"\n- `{name}`: " in guide for name in names)


def test_a_new_package_tells_nothing_of_this_mandate(empty):
    mandate = json.loads((empty / "datapackage.json").read_text(encoding="utf-8"))["mandate"]
    assert set(mandate) == {"title", "holders_at_a_time"}


def test_the_example_row_of_each_table_fits_its_header(empty):
    blocks = re.findall(r"```\n(.*?)```", (empty / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == len(REAL)
    for block in blocks:
        header, example = csv.reader(io.StringIO(block))
        assert len(header) == len(example) and any(example)


def test_the_notebooks_say_what_an_empty_package_lacks(empty, path):
    played = Played(path, None, empty)
    sound(played)
    assert played.figures == {}
    assert any("There are no rows in `" in text for cell in played.said for text in cell)


def test_a_folder_in_use_is_refused(tmp_path, capsys):
    (tmp_path / "mine.txt").touch()
    assert command.main(["new", str(tmp_path)]) == 1
    assert "There is something already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_run_on_another_package_writes_to_its_folder_and_nowhere_else(empty, tmp_path):
    kept = {name: p for name, p in prints(PROJECT / "notebooks").items() if "__pycache__" not in name}
    kept |= prints(PROJECT / "figures") | prints(empty)
    run(PROJECT, empty, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out" / "notebooks").iterdir()} == {
        path.name for path in NOTEBOOKS
    }
    now = {name: p for name, p in prints(PROJECT / "notebooks").items() if "__pycache__" not in name}
    assert now | prints(PROJECT / "figures") | prints(empty) == kept
