"""The checks of the assessment's statements: each comes out both ways, and a fault in one is never a verdict."""

import contextlib
import csv
import functools
from pathlib import Path

import pandas as pd
import pytest

from compendium import statements
from compendium.description import schema
from compendium.editing.check import check
from compendium.statements import CHECKS
from compendium.statements.case import CONFLICTS, HOLDS, NOTE, OPEN, Case, Given, UndecidedError, UnfitError
from compendium.tables import Tables, load, typed

DATA = Path(__file__).resolve().parents[1] / "data"
ROWS = {
    "sources": {"source_id": "assessment", "date": "2015", "kind": "assessment"},
    "documents": {
        "document_id": "d", "symbol": "A/HRC/9/1", "body": "HRC", "date": "2000-05-01", "listed_year": "2000",
        "holder_id": "h1", "attribution": "explicit", "kind": "thematic", "title": "On law",
    },
    "visits": {"visit_id": "v", "start": "2000-03-01", "outcome": "held", "holder_id": "h1"},
    "resolutions": {
        "resolution_id": "r", "symbol": "A/HRC/RES/1/1", "short": "HRC 1/1", "body": "HRC", "adopted": "1990-03-07",
        "action": "created", "term_years": "1",
    },
    "terms": {"term_statement_id": "t", "holder_id": "h1", "event": "took_office", "date": "1991-06"},
    "events": {"event_id": "e", "date": "1990-01-01", "kind": "congress", "symbol": "X/1", "title": "Congress, Oslo"},
    "themes": {"theme_id": "x", "label": "Theme", "ordinal": "1"},
    "document_themes": {"document_id": "d", "theme_id": "x"},
    "communications_pointers": {"pointer_id": "p", "symbol": "A/1", "scope": "mandate", "date": "1992"},
    "differences": {"table": "events", "row_id": "e", "field": "date", "value": "1990-07-01", "says": "draft"},
    "holders": {"holder_id": "h1", "ordinal": "1", "name": "Holder One", "short_name": "One"},
    "passages": {"passage_id": "p1", "section": "awareness"},
    "sections": {"section_id": "awareness", "ordinal": "1"},
    "citations": {"citation_id": "c", "passage_id": "p1"},
    "methods": {"method_id": "m", "title": "Visits", "ordinal": "1", "document_kinds": "visit"},
    "challenges": {"challenge_id": "ch", "label": "Data", "ordinal": "1"},
    "claims": {"claim_id": "cl", "verdict": "computed", "passage_id": "p1"},
}  # fmt: skip
RECORD = {"source_ids": "s", "status": "confirmed"}
CODING = {"passages", "citations", "methods", "challenges", "claims", "sources", "sections", "mentions"}
CODING |= {"followthrough_items", "double_coding"}
TWO = [{}, {"holder_id": "h2", "ordinal": "2", "name": "Holder Two", "short_name": "Two"}]
SCHEMA = schema()
WORDS = pd.read_csv(DATA / "vocabularies.csv", dtype=str, keep_default_na=False)
# In `tables` a row fills up that of `ROWS`: "documents: date=1999 & kind=visit / events".
CASES = list(csv.DictReader((Path(__file__).parent / "data" / "statements.csv").open(encoding="utf-8")))


def made(**tables: list[dict]) -> Tables:
    """Tables with these rows, each filled up from `ROWS`; two holders and an assessment of 2015 are there already."""
    texts = {
        name: pd.DataFrame(
            [({} if name in CODING else RECORD) | ROWS.get(name, {}) | row for row in rows]
        ).fillna("")
        for name, rows in ({"sources": [{}], "holders": TWO} | tables).items()
    }
    return typed(SCHEMA | {"mandate": {"assessment": "assessment"}}, texts | {"vocabularies": WORDS})


@functools.cache
def tables_of(text: str) -> Tables:
    """Tables with the rows that a case has in its column `tables`."""
    tables: dict[str, list] = {}
    for row in filter(None, text.encode().decode("unicode_escape").split(" / ")):
        table, _, cells = row.partition(": ")
        tables.setdefault(table, []).append(
            dict(cell.split("=") for cell in filter(None, cells.split(" & ")))
        )
    return made(**tables)


@pytest.mark.parametrize("case", CASES, ids=[f"{i}-{case['check']}" for i, case in enumerate(CASES, 2)])
def test_a_check_follows_the_data(case):
    about, stated = (Given(filter(None, case[name].split(";"))) for name in ("about", "stated"))
    try:
        verdict, reason, sources = CHECKS[case["check"]](Case(tables_of(case["tables"]), about, stated))
    except UndecidedError as undecided:
        verdict, reason, sources = OPEN, str(undecided), ()
    assert verdict == case["verdict"], reason
    assert "assessment" not in sources  # it cannot confirm itself
    assert reason[0].isalnum() and reason.endswith(".")


@pytest.mark.parametrize("name", CHECKS)
def test_each_check_is_tried_both_ways(name):
    assert len({case["verdict"] for case in CASES if case["check"] == name}) >= 2


@pytest.mark.parametrize("error", [KeyError, AttributeError, TypeError, IndexError, ValueError])
def test_a_fault_in_a_check_is_raised_and_no_verdict(error, monkeypatch):
    """It was once: breaking one check changed ten verdicts to `cannot be checked`, silently."""

    def broken(case):
        raise error("a slip of ours")

    t = made(claims=[{"check": "cell", "about": "documents;d;date", "stated": "2000"}])
    monkeypatch.setitem(CHECKS, "cell", broken)
    for asked in (statements.verdicts, lambda t: list(statements.unfit(t))):
        with pytest.raises(error, match="a slip of ours"):
            asked(t)


@pytest.fixture(scope="module")
def ours() -> Tables:
    return load(DATA)


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize("stated", [[], ["nonsense"] * 3, ["1" * 20] * 3, ["2008", "three", "four"]])
def test_a_slip_in_what_is_stated_never_breaks_a_check(ours, name, stated):
    for about in {tuple(row) for row in ours.claims.query("check == @name")["about"]}:
        with contextlib.suppress(UnfitError, UndecidedError):
            CHECKS[name](Case(ours, Given(about), Given(stated)))


UNFIT = {
    ("cell", "", "2000"): "a value is missing",
    ("cell", "document;d;date", "2000"): "`document` is no table of the record",
    ("cell", "challenges;ch;label", "Data"): "`challenges` is no table of the record",
    ("cell", "documents;d;dat", "2000"): "no row or no column of documents is named",
    ("cell", "documents;d;dat;date", "2000"): "`dat` is no row of documents",
    ("cell", "documents;d;date", ""): "1 cell or row in about, but 0 values in stated",
    ("cell", "documents;d;date;kind", "2000;thematic;1"): "2 cells or rows in about, but 3 values in stated",
    ("cell", "documents;d;date", "1999-13"): "1999-13 does not exist",
    ("cell", "documents;d;kind", "thematik"): "`thematik` is no kind",
    ("not_before", "documents;d;kind", ""): "no date: A/HRC/9/1, kind",
    ("document_year", "d", "20000"): "`20000` is no whole number of at most four digits",
    ("term", "h3", "1991"): "`h3` is no holder",
    ("theme_reported", "y", "2"): "`y` is no theme",
    ("number_grew", "nonsense", "1990"): "`nonsense` is no kind of event",
    ("listed", "chalenges", "2"): "`chalenges` is no table",
    ("listed", "challenges;none", "2"): "`none` is no row of challenges",
}


@pytest.mark.parametrize(("claim", "why"), UNFIT.items())
def test_a_claim_that_does_not_fit_its_check_is_told_in_words(claim, why):
    claims = [dict(zip(("check", "about", "stated"), claim, strict=True))]
    t = made(documents=[{}], challenges=[{}], themes=[{}], events=[{}], claims=claims)
    assert list(statements.unfit(t)) == [(0, "cl", claim[0], why)]


# --- the table of claims ---


def test_every_claim_has_a_verdict_and_a_reason_with_its_sources(ours):
    checked = statements.verdicts(ours)
    assert list(checked["claim_id"]) == list(ours.claims["claim_id"])
    assert set(checked["verdict"]) == {HOLDS, NOTE, CONFLICTS, OPEN}
    assert checked["reason"].map(bool).all() and checked["how"].map(bool).all()
    assert {source for row in checked["source_ids"] for source in row} <= set(ours.sources["source_id"])
    assert set(ours.claims.query("verdict == 'computed'")["check"]) == set(CHECKS)
    read = checked["check"] == statements.BY_READING
    assert all(checked.loc[read, "source_ids"]) and set(
        checked.loc[~checked["computed"] & ~read, "verdict"]
    ) == {OPEN}


def test_a_verdict_by_reading_is_supported_by_a_source_that_was_read(ours):
    supported = ours.claim_readings.groupby("claim_id")["supports"].agg(set)
    for claim in ours.claims.query("check == 'reading'").itertuples():
        # Several sources that each hold can still leave something to add.
        assert claim.verdict in {*supported[claim.claim_id], NOTE}, claim.claim_id


def test_the_code_of_a_check_is_shown_with_its_helpers():
    assert "def _dated(" in statements.source("cell") and "def _told(" in statements.source("term")
    assert all(statements.describe(check).endswith(".") for check in CHECKS)
    with pytest.raises(KeyError):
        statements.describe("no_such_check")


def test_before_the_assessment_nothing_is_checked(ours):
    assert statements.verdicts(load(DATA, "2008-03-31")).empty
    assert not set(ours.codes("claim_check")) & set(CHECKS)


OF = "cell,documents;a-hrc-1-1;date"
SPOILED = {
    "an unknown check": ("cell,documents", "cel,documents", "did you mean `cell`?"),
    "a typed verdict of a computed check": ("1999-02-10,computed,", "1999-02-10,holds,", "set verdict to `computed`"),
    "a typed reason of a computed check": ("computed,,", "computed,It is.,", "empty it"),
    "a computed verdict of what was read": ("reading,,,holds,", "reading,,,computed,", "say what the source shows"),
    "a verdict on what cannot be checked": ("no_data,,,cannot_be_checked", "no_data,,,holds", "cannot_be_checked"),
    "no word on what would settle it": ("A search of the archive.", "", "say why, or what would settle it"),
    "a reading that is not there": ("cl-body-p1-02,The report", "cl-body-p1-04,The report", "add the reading there"),
    "too few values": (f"{OF},1999-02-10,computed", f"{OF},,computed", "claim with this check as model"),
    "values that do not fit": (f"{OF},1999-02-10", f"{OF},1999-13", "1999-13 does not exist"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), SPOILED.values(), ids=SPOILED)
def test_a_spoiled_claim_is_told_with_what_to_do(package, edit, old, new, told):
    edit("coding/claims.csv", old, new)
    problems = [str(problem) for problem in check(package) if problem.rule == "claim"]
    assert any(told in problem for problem in problems), problems
    assert all(problem.startswith("coding/claims.csv:") for problem in problems)


def test_a_package_without_words_for_what_no_program_checks_is_told_so(package):
    words = package / "vocabularies.csv"
    lines = words.read_text(encoding="utf-8").splitlines(keepends=True)
    words.write_text("".join(line for line in lines if not line.startswith("claim_check,")), encoding="utf-8")
    assert sum(problem.message.startswith("check: `") for problem in check(package)) == 2
