"""Every figure quoted in a notebook's text is the one recomputed from the tables, also as of an earlier date."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from numbers import Integral
from pathlib import Path

import pandas as pd
import pytest

from compendium.periods import FORM, YEARS, end_of, parse, start_of
from conftest import NOTEBOOKS, TESTS

DATA = TESTS.parent / "data"
CODINGS = [
    *("citations", "chronology", "scope", "methods", "method_evidence"),
    *("achievements", "challenges", "agenda", "claims"),
]
DATES = ["2015-05-31", "2008-03-31"]
EARLY = "2008-03-31"  # before the assessment: what is left is the record
FORESEEN = {("01-chronology", "2016-01-01")}  # an anniversary to come, which the assessment itself names
PRINTS = re.compile(r"\n\(svg [0-9a-f]+, png [0-9a-f]+, csv [0-9a-f]+\)$")


def committed(path: Path) -> list[list[str]]:
    """What each code cell of a committed notebook shows as text: sentences, tables, alternatives of figures.

    Left out is what `publish` adds under a figure: the fingerprints of its files and the links to them.
    """
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = []
    for cell in cells:
        if cell["cell_type"] == "code":
            data = [output.get("data", {}) for output in cell["outputs"]]
            shown = ["".join(one.get("text/markdown", one.get("text/plain", ""))) for one in data]
            texts.append([PRINTS.sub("", text) for text in shown if not text.startswith("[CSV]")])
    return texts


def dates(values: Iterable[object]) -> list[date]:
    """The first days of everything in a column that is a date or a year."""
    found = []
    for value in values:
        if isinstance(value, str) and FORM.fullmatch(value):
            found.append(start_of(parse(value)))
        elif isinstance(value, pd.Period):
            found.append(start_of(value))
        elif isinstance(value, Integral) and int(value) in YEARS:
            found.append(date(int(value), 1, 1))
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_text_is_the_one_recomputed_from_the_tables(path, play):
    assert committed(path) == play(path).said


@pytest.mark.parametrize("as_of", [None, *DATES])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_without_a_complaint_or_an_empty_figure(path, as_of, play):
    played = play(path, as_of)
    assert played.complaints == ""
    assert [name for name, data in played.data.items() if data.empty] == []
    assert [name for name, fig in played.figures.items() if not all(ax.has_data() for ax in fig.axes)] == []
    assert all("nan" not in re.findall(r"[A-Za-z]+", text) for cell in played.said for text in cell)


@pytest.mark.parametrize("as_of", DATES)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_later_than_the_date_is_drawn_or_counted(path, as_of, play):
    last = end_of(parse(as_of))
    later = {
        (name, found.isoformat())
        for name, data in play(path, as_of).data.items()
        for column in data.columns
        for found in dates(data[column])
        if found > last
    }
    assert later <= FORESEEN


@pytest.mark.parametrize(
    "name", ["01-terms", "01-resolutions", "02-visits", "03-documents-by-year", "03-themes"]
)
def test_without_the_date_there_is_something_later(name, play):
    [path] = [path for path in NOTEBOOKS if path.stem[:2] == name[:2]]
    data = play(path).data[name]
    assert any(found > end_of(parse(DATES[0])) for column in data.columns for found in dates(data[column]))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_before_the_assessment_nothing_is_said_of_it(path, play):
    said = " ".join(text for cell in play(path, EARLY).said for text in cell if "**Finding.**" in text)
    assert "the assessment cites" not in said and "the assessment gives" not in said.lower()


# --- headline numbers, counted once more with nothing but the csv module ---


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def finds(number: str, words: str) -> bool:
    """Whether a finding of the committed notebook with this number has these words, which begin with a whole word."""
    [path] = [path for path in NOTEBOOKS if path.stem.startswith(number)]
    said = [text for cell in committed(path) for text in cell if "**Finding.**" in text]
    return any(re.search(rf"(?<!\S){re.escape(words)}", text) for text in said)


def test_a_number_is_not_found_as_the_end_of_another():
    assert finds("00", "37 of 39 paragraphs") and not finds("00", "7 of 39 paragraphs")


def test_documents_are_counted_right():
    documents = rows("record/documents.csv")
    sure = [row for row in documents if row["status"] == "confirmed"]
    kinds = Counter(row["kind"] for row in sure if "kind" not in row["unverified_fields"].split(";"))
    assert finds("03", f"{len(sure)} confirmed documents of the mandate as of")
    assert finds("03", f"{len(documents) - len(sure)} unverified ones that are not counted")
    assert finds(
        "03", f"{kinds['thematic']} are thematic reports and {kinds['visit']} reports on country visits"
    )


def test_cited_documents_are_counted_right():
    cited = {row["document_id"] for row in rows("coding/citations.csv")} - {""}
    known = {row["document_id"]: row for row in rows("record/documents.csv")}
    by_then = {
        key
        for key, row in known.items()
        if row["status"] == "confirmed" and (row["date"] or row["listed_year"] + "-12-31") <= "2015-05-31"
    }
    assert finds("03", f"Of {len(cited)} cited documents,")
    assert finds(
        "03",
        f"Of {len(by_then)} confirmed documents dated by 31 May 2015, the assessment cites {len(cited & by_then)} ",
    )


def test_visits_are_counted_right():
    held = [row for row in rows("record/visits.csv") if row["outcome"] == "held"]
    sure = [row for row in held if row["status"] == "confirmed"]
    countries = {row["country"] for row in sure}
    assert finds("02", f"{len(sure)} confirmed visits to {len(countries)} countries")
    assert finds("02", f"{len(held) - len(sure)} more visits are unverified and not counted")


def test_resolutions_are_counted_right():
    resolutions = rows("record/resolutions.csv")
    stated = [
        row["term_years"]
        for row in resolutions
        if row["term_years"] and "term_years" not in row["unverified_fields"].split(";")
    ]
    assert finds("01", f"{len(resolutions)} resolutions and decisions that concern the mandate")
    assert finds("01", f"{len(stated)} state a length; {stated.count('3')} of these say 3 years")
    assert finds("01", f"it is {(date(1990, 3, 7) - date(1989, 11, 20)).days} days.")


def test_challenges_are_counted_right():
    challenges = rows("coding/challenges.csv")
    sourced = Counter(row["cited_document_id"] != "" for row in challenges)
    assert finds("05", f"For {sourced[True]} of {len(challenges)} challenges")
    assert finds("05", f"For {sourced[False]} it gives none")


def test_statements_on_effect_are_counted_right():
    effects = rows("coding/achievements.csv")
    certainties = Counter(row["certainty"] for row in effects)
    assert finds("04", f"Of {len(effects)} statements, {certainties['affirmed']} are stated with emphasis")
    assert finds("04", f"{certainties['withheld']} say that effect cannot be stated")


def test_coded_paragraphs_are_counted_right():
    paragraphs = {row["passage_id"] for row in rows("coding/passages.csv") if row["kind"] == "paragraph"}
    coded = {row["passage_id"] for table in CODINGS for row in rows(f"coding/{table}.csv")}
    assert finds("00", f"{len(paragraphs & coded)} of {len(paragraphs)} paragraphs carry at least one row")
