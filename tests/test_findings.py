"""Every figure quoted in a notebook's text is the one recomputed from the tables, also as of an earlier date."""

import csv
import json
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from compendium.periods import parse, start_of
from conftest import NOTEBOOKS, TESTS

DATA = TESTS.parent / "data"
DATES = ["2015-05-31", "2008-03-31"]
EARLY = "2008-03-31"  # before the assessment: what is left is the record


def committed(path: Path) -> list[list[str]]:
    """Sentences and findings that each code cell of a committed notebook shows."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = []
    for cell in cells:
        if cell["cell_type"] == "code":
            data = [output.get("data", {}) for output in cell["outputs"]]
            texts.append(["".join(shown["text/markdown"]) for shown in data if "text/markdown" in shown])
    return texts


def without_links(texts: list[list[str]]) -> list[list[str]]:
    """The texts without the lines of links under figures, which `publish` writes."""
    return [[text for text in cell if not text.startswith("[CSV]")] for cell in texts]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_sentence_is_the_one_recomputed_from_the_tables(path, play):
    assert without_links(committed(path)) == play(path).said


@pytest.mark.parametrize("as_of", DATES)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_later_than_the_date_is_drawn_or_counted(path, as_of, play, capsys):
    played = play(path, as_of)
    last = start_of(parse(as_of))
    for name, data in played.data.items():
        assert len(data), f"{name} is empty"
        for column in data.columns:
            dates = [value for value in data[column] if isinstance(value, pd.Period)]
            if (
                column not in ("end", "horizon_end") and name != "01-chronology"
            ):  # what is foreseen is not later news
                assert all(start_of(value) <= last for value in dates), (name, column)
    assert not capsys.readouterr().err
    assert all("nan" not in re.findall(r"[A-Za-z]+", text) for cell in played.said for text in cell)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_before_the_assessment_nothing_is_said_of_it(path, play):
    said = " ".join(text for cell in play(path, EARLY).said for text in cell if "**Finding.**" in text)
    assert "the assessment cites" not in said and "the assessment gives" not in said.lower()


# --- headline numbers, counted once more with nothing but the csv module ---


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def findings(number: str) -> str:
    """All findings of the notebook with this number, in one text."""
    [path] = [path for path in NOTEBOOKS if path.stem.startswith(number)]
    return " ".join(text for cell in committed(path) for text in cell if "**Finding.**" in text)


def test_documents_are_counted_right():
    sure = [row for row in rows("record/documents.csv") if row["status"] == "confirmed"]
    known_kind = [row for row in sure if "kind" not in row["unverified_fields"].split(";")]
    doubtful = len(rows("record/documents.csv")) - len(sure)
    text = findings("03")
    assert f"has {len(sure)} confirmed documents" in text and f"{doubtful} unverified ones" in text
    for kind, words in (("thematic", "are thematic reports"), ("visit", "reports on country visits")):
        assert f"{sum(row['kind'] == kind for row in known_kind)} {words}" in text


def test_cited_documents_are_counted_right():
    cited = {row["document_id"] for row in rows("coding/citations.csv")} - {""}
    assert f"Of {len(cited)} cited documents" in findings("03")
    by_then = [
        row
        for row in rows("record/documents.csv")
        if row["status"] == "confirmed" and (row["date"] or row["listed_year"] + "-12-31") <= "2015-05-31"
    ]
    assert (
        f"Of {len(by_then)} confirmed documents dated by 31 May 2015, the assessment cites {len(cited)} "
        in findings("03")
    )


def test_visits_are_counted_right():
    held = [row for row in rows("record/visits.csv") if row["outcome"] == "held"]
    sure = [row for row in held if row["status"] == "confirmed"]
    countries = {row["country"] for row in sure}
    text = findings("02")
    assert f"has {len(sure)} confirmed visits to {len(countries)} countries" in text
    assert f"{len(held) - len(sure)} more visits are unverified" in text


def test_resolutions_are_counted_right():
    resolutions = rows("record/resolutions.csv")
    stated = [
        row
        for row in resolutions
        if row["term_years"] and "term_years" not in row["unverified_fields"].split(";")
    ]
    text = findings("01")
    assert (
        f"has {len(resolutions)} resolutions and decisions" in text
        and f"{len(stated)} state a length" in text
    )
    assert f"created {(date(1990, 3, 7) - date(1989, 11, 20)).days} days after" in text


def test_challenges_and_statements_on_effect_are_counted_right():
    challenges = rows("coding/challenges.csv")
    sourced = sum(row["cited_document_id"] != "" for row in challenges)
    assert f"For {sourced} of {len(challenges)} challenges" in findings("05")
    effects = rows("coding/achievements.csv")
    withheld = sum(row["certainty"] == "withheld" for row in effects)
    assert f"Of {len(effects)} statements" in findings(
        "04"
    ) and f"and {withheld} say that effect" in findings("04")


def test_coded_paragraphs_are_counted_right():
    paragraphs = [row for row in rows("coding/passages.csv") if row["kind"] == "paragraph"]
    coded = sum(row["uncoded_reason"] == "" for row in paragraphs)
    assert f"{coded} of {len(paragraphs)} paragraphs carry" in findings("00")
