"""Every notebook on every kind of package and date: it plays, complains of nothing, and its figures are readable."""

import csv
import json
import re
from pathlib import Path

import pytest

from compendium.editing.check import check, report
from compendium.editing.new import new
from compendium.words import html_table, md, text_of
from conftest import NOTEBOOKS, TESTS, mandate_m
from layout import layout_faults

PROJECT = TESTS.parent
DATES = [None, "2015-05-31", "2008-03-31", "1989"]


def rows(table: str) -> list[dict[str, str]]:
    """Rows of a table of the project, read without the package."""
    [path] = (PROJECT / "data").glob(f"*/{table}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def said(play, number: str, as_of: str | None = None) -> str:
    """All that a notebook says, on one line."""
    [path] = [path for path in NOTEBOOKS if path.stem.startswith(number)]
    return " ".join(play(path, as_of).text.split())


@pytest.mark.parametrize("as_of", DATES)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_plays_at_any_date(path, as_of, play):
    played = play(path, as_of)
    assert played.complaints == ""
    for figures in (played.figures, played.phones):
        assert {
            name: layout_faults(figure) for name, figure in figures.items() if layout_faults(figure)
        } == {}
    assert not re.search(r"\b(nan|NaT|<NA>)\b", played.text), path.stem


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("packages")
    new(folder / "empty", PROJECT / "data", "Another mandate")
    mandate_m(folder / "m")
    return {path.name: path for path in folder.iterdir()} | {
        "trafficking": PROJECT / "examples" / "trafficking"
    }


@pytest.mark.parametrize("name", ["empty", "m", "trafficking"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_plays_on_any_mandate(path, name, packages, play):
    assert check(packages[name]) == [], report(check(packages[name]))
    played = play(path, None, packages[name])
    assert played.complaints == ""
    assert {n: layout_faults(figure) for n, figure in played.figures.items() if layout_faults(figure)} == {}
    ours = ["Leiden", "Buquicchio", "Muntarbhorn"]
    ours += [] if name == "trafficking" else ["sale of children"]  # with which that mandate reported together
    assert [word for word in ours if word in played.text] == []
    if name == "empty":
        assert played.figures == {} or path.stem.startswith(("08", "00"))


# --- numbers counted again from the files, without the package ---


def test_documents_and_visits_are_counted_right(play):
    confirmed = [row for row in rows("documents") if row["status"] == "confirmed"]
    assert f"Public sources confirm {len(confirmed)} documents of the mandate" in said(play, "03")
    held = [row for row in rows("visits") if row["status"] == "confirmed" and row["outcome"] == "held"]
    countries = {row["country"] for row in held}
    assert f"Public sources confirm {len(held)} visits to {len(countries)} countries" in said(play, "02")


def test_what_the_assessment_cites_is_counted_right(play):
    cited = {row["document_id"] for row in rows("citations")} - {""}
    in_record = [
        row for row in rows("documents") if row["status"] == "confirmed" and row["document_id"] in cited
    ]
    assert f"Of {len(in_record)} cited documents" in said(play, "03")


def test_challenges_and_links_are_counted_right(play):
    linked = {row["challenge_id"] for row in rows("challenge_followthrough")} - {""}
    challenges, links = rows("challenges"), rows("challenge_followthrough")
    text = said(play, "06")
    assert f"{len(linked)} of {len(challenges)} challenges are taken up by at least one later item" in text
    reports = sum(row["kind"] == "mandate_report" for row in links)
    assert f"{reports} of {len(links)} links are to reports of the mandate" in text
    sourced = [row for row in challenges if row["cited_document_id"]]
    assert f"For {len(sourced)} of {len(challenges)} challenges the assessment gives a document" in said(
        play, "05"
    )


def test_records_of_the_index_are_counted_right(play):
    index = json.loads((PROJECT / "data" / "datapackage.json").read_text())["mandate"]["index"]
    partial = {row["year"] for row in rows("uhri_counts") if row["partial"] == "yes"}
    mine = {
        int(row["year"]): int(row["records"])
        for row in rows("uhri_counts")
        if row["body"] == index["treaty"] and row["year"] not in partial
    }
    before = [number for year, number in mine.items() if year < 2015]
    after = [number for year, number in mine.items() if year > 2015]
    means = sum(before) / len(before), sum(after) / len(after)
    assert (
        f"from {means[0]:.0f} to {means[1]:.0f} records a year ({100 * (means[1] / means[0] - 1):+.0f} %;"
        in said(play, "06")
    )


def test_verdicts_and_rows_are_counted_right(play):
    assert f"Of {len(rows('claims'))} checkable statements" in said(play, "07")
    record = [path for path in (PROJECT / "data" / "record").glob("*.csv")]
    states = [row["status"] for path in record for row in rows(path.stem) if "status" in row]
    assert f"{states.count('unverified')} of {len(states)} rows of the record are unverified" in said(
        play, "08"
    )


def test_zero_is_never_taken_for_nothing_done(play):
    assert "Nothing found is not nothing done" in said(play, "06")
    assert "A zero means that no source" in said(play, "02")


# --- words and tables ---


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (1.234, "1.23"),
        (True, "yes"),
        (["a", "b"], "a; b"),
        (float("nan"), ""),
        ("x", "x"),
        (3, "3"),
    ],
)
def test_a_value_is_shown_as_readers_see_it(value, shown):
    assert text_of(value) == shown


def test_text_from_strangers_is_no_markup():
    assert md("<b>*x*</b>_") == r"&lt;b&gt;\*x\*&lt;/b&gt;\_"
    html = html_table("a < b", ["<i>"], [["x", "y"]], "n & m")
    assert "a &lt; b" in html and "&lt;i&gt;" in html and "n &amp; m" in html and 'scope="row"' in html
