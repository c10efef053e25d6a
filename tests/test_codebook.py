"""What `datapackage.json` says to readers: headings and names; and the words on this mandate beside it."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from compendium import words
from compendium.description import fields, links, primary_key, read
from compendium.editing.new import new
from compendium.page import Page
from compendium.tables import load

PROJECT = Path(__file__).resolve().parents[1]
DATA = PROJECT / "data"
TABLES = {resource["name"]: resource for resource in read(DATA)["resources"]}
# Column names that do not mean the same in every table, so that their headings differ.
MEANING_DIFFERS = {"ordinal", "label", "date", "name", "about", "says", "statement", "reason"}


@pytest.mark.parametrize("table", TABLES)
def test_each_column_has_a_short_heading_of_its_own(table):
    headings = [column.get("title", "") for column in fields(TABLES[table]).values()]
    unfit = [one for one in headings if not re.fullmatch(r"[A-Z][^_`:;]{2,29}", one)]
    assert not unfit and max(Counter(headings).values()) == 1


def test_a_column_is_headed_alike_in_all_tables_unless_it_means_something_else():
    headings = {}
    for table in TABLES.values():
        for name, column in fields(table).items():
            headings.setdefault(name, set()).add(column["title"])
    assert {name for name, found in headings.items() if len(found) > 1} == MEANING_DIFFERS


def test_keys_that_readers_see_are_shown_by_name():
    """A key that other tables point at has a name for readers, but for what is shown by its key or not at all."""
    pointed = {
        one.target
        for table in TABLES.values()
        for one in links(table)
        if [one.target_column] == primary_key(TABLES[one.target]) and one.target != table["name"]
    }
    unnamed = {"sources", "passages", "publications", "claims", "followthrough_items"}
    assert pointed - unnamed == {name for name, table in TABLES.items() if "naming" in table}
    tables = load(DATA)
    for name in pointed - unnamed:
        codes = tables.codes(name)
        assert codes and all(code.label for code in codes), name


def test_a_year_that_the_index_holds_in_part_says_so_in_a_column_and_nowhere_else():
    counts = load(DATA)["uhri_counts"]
    in_part = counts[counts["partial"] == "yes"]
    assert set(in_part["year"].map(str)) == {"2006", "2026"} and len(in_part) == 4
    assert (in_part["note"] != "").all() and not counts["note"].str.contains("stub").any()
    whole = counts[counts["partial"] == ""]
    assert len(whole) + len(in_part) == len(counts)
    assert not whole["year"].map(str).isin({"2006", "2026"}).any()


# --- words on this mandate ---


def places() -> set[str]:
    """Places of all notebooks at which the package may say something."""
    code = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "notebooks").glob("*.ipynb"))
    return set(re.findall(r'\.notes\(\\"([\w-]+)\\"\)', code))


def test_every_file_of_words_is_shown_by_a_notebook_and_none_stands_in_the_description():
    files = {path.stem for path in (DATA / "notes").glob("*.md")} - {"README"}
    assert files and files <= places()
    assert "notes" not in read(DATA)["mandate"]


def test_the_guide_to_these_words_names_each_place_and_a_new_package_has_it(tmp_path):
    guide = (DATA / "notes" / "README.md").read_text(encoding="utf-8")
    numbers = {path.stem[:2] for path in (PROJECT / "notebooks").glob("*.ipynb")}
    assert "| `00.md`, `01.md` and so on | the end of the notebook with that number" in guide
    assert {*re.findall(r"^\| `([\w-]+)\.md` \| ", guide, re.MULTILINE)} | numbers == places()
    new(tmp_path / "made", DATA, "Mandate M")
    assert [path.name for path in (tmp_path / "made" / "notes").iterdir()] == ["README.md"]
    assert (tmp_path / "made" / "notes" / "README.md").read_text(encoding="utf-8") == guide


def noted(monkeypatch, folder: Path, text: str | None) -> list[str]:
    """What is shown at the place "01" of a package in which its file holds `text`."""
    (folder / "data" / "notes").mkdir(parents=True)
    (folder / "data" / "datapackage.json").write_text(
        json.dumps({"created": "2026-11-24", "resources": []}), encoding="utf-8"
    )
    if text is not None:
        (folder / "data" / "notes" / "01.md").write_text(text, encoding="utf-8")
    shown = []
    monkeypatch.setattr(words, "display", lambda output, **_: shown.append(output.data))
    Page(folder / "data", folder / "figures").notes("01")
    return shown


def test_words_are_shown_with_their_markdown_and_html_in_them_as_text(monkeypatch, tmp_path):
    text = "- One *word* & more.\n- <script>x()</script> <img src=x onerror=y()> &lt;b&gt;\n\n> Said.\n"
    [shown] = noted(monkeypatch, tmp_path, text)
    assert shown.splitlines() == [
        "- One *word* &amp; more.",
        "- &lt;script>x()&lt;/script> &lt;img src=x onerror=y()> &amp;lt;b&amp;gt;",
        "",
        "> Said.",
    ]


@pytest.mark.parametrize("text", [None, "", " \n\n"])
def test_a_place_without_words_shows_nothing(monkeypatch, tmp_path, text):
    assert noted(monkeypatch, tmp_path, text) == []
