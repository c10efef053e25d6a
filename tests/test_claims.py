"""The checks of the assessment's statements: each comes out both ways, and follows the data."""

import json
from pathlib import Path

import pandas as pd
import pytest

from compendium import claims
from compendium.check import check
from compendium.claim_checks import CHECKS, CONFLICTS, HOLDS, NOTE, OPEN, UndecidedError
from compendium.legacy_tables import Tables, load
from compendium.periods import parse

DATA = Path(__file__).resolve().parents[1] / "data"
DATES = {"date", "adopted", "start", "listed_year", "printed_year"}
STATED = {"source_ids": ["s"], "status": "confirmed", "unverified_fields": []}  # of a row of the record
EMPTY = {
    "documents": STATED
    | {
        "document_id": "d",
        "symbol": "A/HRC/9/1",
        "body": "HRC",
        "date": "2000-05-01",
        "listed_year": "2000",
        "holder_id": "h1",
        "attribution": "explicit",
        "kind": "thematic",
    },
    "visits": STATED
    | {
        "visit_id": "v",
        "start": "2000-03-01",
        "outcome": "held",
        "holder_id": "h1",
        "follow_up_of": "",
        "report_symbol": "",
    },
    "resolutions": STATED
    | {
        "resolution_id": "r",
        "symbol": "A/HRC/RES/1/1",
        "short": "HRC 1/1",
        "body": "HRC",
        "adopted": "1990-03-07",
        "action": ["created"],
        "term_years": 1,
    },
    "terms": STATED
    | {"term_statement_id": "t", "holder_id": "h1", "event": "took_office", "date": "1991-06"},
    "events": STATED
    | {
        "event_id": "e",
        "date": "1990-01-01",
        "kind": "congress",
        "title": "First Congress, Oslo",
        "symbol": "X/1",
    },
    "themes": {"theme_id": "x", "label": "Theme"},
    "document_themes": STATED | {"document_id": "d", "theme_id": "x"},
    "communications_pointers": STATED
    | {"pointer_id": "p", "symbol": "A/1", "scope": "mandate", "date": "1992"},
    "differences": STATED
    | {
        "difference_id": "x-1",
        "table": "events",
        "row_id": "e",
        "field": "date",
        "value": "1990-07-01",
        "says": "draft",
    },
    "holders": STATED
    | {"holder_id": "h1", "ordinal": 1, "name": "Holder One", "short_name": "One", "name_variants": []},
    "sources": {"source_id": "assessment", "date": "2015", "kind": "assessment"},
    "passages": {"passage_id": "p1", "section": "awareness"},
    "citations": {
        "citation_id": "c",
        "passage_id": "p1",
        "document_id": "",
        "resolution_id": "",
        "event_id": "",
        "other": "",
        "printed_year": None,
        "printed_holder": "",
    },
    "methods": {"method_id": "m", "title": "Visits", "document_kinds": ["visit"]},
    "challenges": {"challenge_id": "ch", "parent_id": "", "label": "Data", "cited_document_id": ""},
}
LABELS = {
    "attribution": ["explicit", "by_term"],
    "body": ["CHR", "HRC", "GA"],
    "document_kind": ["thematic", "annual", "methods", "visit"],
    "event_kind": ["congress", "mandate"],
    "term_event": ["appointed", "took_office", "left_office"],
    "visit_outcome": ["held", "moved"],
}


def frame(table: str, rows: list[dict]) -> pd.DataFrame:
    made = []
    for row in rows:
        whole = EMPTY[table] | row
        made.append({c: parse(v) if c in DATES and isinstance(v, str) else v for c, v in whole.items()})
    columns = sorted(EMPTY[table], key=lambda column: column in STATED)  # the key first
    return pd.DataFrame(made, columns=columns, dtype=object)


def fake(**tables: list[dict]) -> Tables:
    """Tables with these rows, each filled up from `EMPTY`; the assessment is the source `assessment`, of 2015."""
    frames = {name: frame(name, rows) for name, rows in ({"sources": [{}], "holders": TWO} | tables).items()}
    frames["vocabularies"] = pd.DataFrame(
        [
            {"vocabulary": vocabulary, "code": code, "ordinal": number, "label": code}
            for vocabulary, codes in LABELS.items()
            for number, code in enumerate(codes)
        ]
    )
    return Tables({"mandate": {"assessment": "assessment"}, "resources": []}, frames)


TWO = [
    {"holder_id": "h1", "ordinal": 1, "short_name": "One"},
    {"holder_id": "h2", "ordinal": 2, "short_name": "Two"},
]
ONLY_ASSESSMENT = {"source_ids": ["assessment"]}
PRINTED = [
    {"holder_id": "h1", "event": "took_office", "date": "1991", **ONLY_ASSESSMENT},
    {"holder_id": "h1", "event": "left_office", "date": "1994", **ONLY_ASSESSMENT},
    {"holder_id": "h2", "event": "took_office", "date": "1994", **ONLY_ASSESSMENT},
]

# check, about, stated, rows of the tables, verdict
CASES = [
    ("document_date", ["d"], ["2000-05-01"], {"documents": [{}]}, HOLDS),
    ("document_date", ["d"], ["2000-05"], {"documents": [{}]}, HOLDS),
    ("document_date", ["d"], ["2000-05-01"], {"documents": [{"date": "2000-05"}]}, NOTE),
    ("document_date", ["d"], ["2000-05-02"], {"documents": [{}]}, CONFLICTS),
    ("document_date", ["d"], ["2000-05-01"], {"documents": [{"date": None}]}, OPEN),
    ("document_date", ["d"], ["2000-05-01"], {"documents": [{"unverified_fields": ["date"]}]}, OPEN),
    ("document_date", ["d"], ["2000-05-01"], {"documents": [ONLY_ASSESSMENT]}, OPEN),
    ("document_date", ["d"], ["2000-05-01"], {"documents": [{"status": "unverified"}]}, OPEN),
    ("document_date", ["d"], ["2000-05-01"], {"documents": []}, OPEN),
    ("document_date", ["d"], ["2000-05-01"], {}, OPEN),
    ("document_year", ["d"], ["2000"], {"documents": [{}]}, HOLDS),
    ("document_year", ["d"], ["2000"], {"documents": [{"date": None}]}, HOLDS),
    ("document_year", ["d"], ["2000"], {"documents": [{"date": "1999-12-01"}]}, NOTE),
    ("document_year", ["d"], ["1999"], {"documents": [{"date": "1999-12-01"}]}, NOTE),
    ("document_year", ["d"], ["2001"], {"documents": [{}]}, CONFLICTS),
    ("document_year", ["d"], ["2001"], {"documents": [{"date": None}]}, CONFLICTS),
    ("documents_by_year", ["d", "b"], ["2000", "2001"],
     {"documents": [{}, {"document_id": "b", "listed_year": "2001", "date": "2001"}]}, HOLDS),
    ("documents_by_year", ["d", "b"], ["2000", "2001"], {"documents": [{}]}, NOTE),
    ("documents_by_year", ["d"], ["1990"], {"documents": [{}]}, CONFLICTS),
    ("documents_by_year", ["d"], ["1990"], {"documents": []}, OPEN),
    ("document_holder", ["d"], ["h1"], {"documents": [{}]}, HOLDS),
    ("document_holder", ["d"], ["h1"], {"documents": [{"attribution": "by_term"}]}, NOTE),
    ("document_holder", ["d"], ["h2"], {"documents": [{}]}, CONFLICTS),
    ("document_body", ["d"], ["HRC"], {"documents": [{}]}, HOLDS),
    ("document_body", ["d"], ["GA"], {"documents": [{}]}, CONFLICTS),
    ("document_kind", ["d"], ["thematic"], {"documents": [{}]}, HOLDS),
    ("document_kind", ["d", "b"], ["thematic"], {"documents": [{}, {"document_id": "b", "kind": "visit"}]}, CONFLICTS),
    ("documents_attested", ["d"], ["A/HRC/9/1"], {"documents": [{}]}, HOLDS),
    ("documents_attested", ["d", "b"], ["A/HRC/9/1", "B"],
     {"documents": [{}, {"document_id": "b"} | ONLY_ASSESSMENT]}, NOTE),
    ("documents_attested", ["d"], ["A/HRC/9/2"], {"documents": [{}]}, CONFLICTS),
    ("documents_attested", ["d"], ["A/HRC/9/1"], {"documents": [ONLY_ASSESSMENT]}, OPEN),
    ("last_document", ["d"], ["h1"], {"documents": [{}, {"document_id": "b", "date": "1999"}]}, HOLDS),
    ("last_document", ["d"], ["h1"], {"documents": [{}, {"document_id": "b", "date": "2001", "kind": "visit"}]}, NOTE),
    ("last_document", ["d"], ["h1"], {"documents": [{}, {"document_id": "b", "date": "2001"}]}, CONFLICTS),
    ("last_document", ["d"], ["h2"], {"documents": [{}]}, CONFLICTS),
    ("visit_made", ["v"], ["h1"], {"visits": [{"follow_up_of": "u"}]}, HOLDS),
    ("visit_made", ["v"], ["h1"], {"visits": [{}]}, CONFLICTS),
    ("visit_made", ["v"], ["h1"], {"visits": [{"follow_up_of": "u", "outcome": "moved"}]}, CONFLICTS),
    ("document_reports_visit", ["d", "v"], [], {"documents": [{}], "visits": [{}]}, HOLDS),
    ("document_reports_visit", ["d", "v"], [], {"documents": [{}], "visits": [{"start": "2000-06"}]}, CONFLICTS),
    ("visits_every_year", [], [], {"visits": [{"start": str(year)} for year in range(2012, 2016)]}, HOLDS),
    ("visits_every_year", [], [], {"visits": [{"start": "2012"}, {"start": "2014"}]}, OPEN),
    ("visits_every_year", [], [], {"visits": []}, OPEN),
    ("follow_ups_rare", [], [], {"visits": [{}, {}, {"follow_up_of": "u"}]}, HOLDS),
    ("follow_ups_rare", [], [], {"visits": [{}, {"follow_up_of": "u"}]}, CONFLICTS),
    ("follow_ups_rare", [], [], {"visits": [{"start": "2016"}]}, OPEN),
    ("resolution_adopted", ["r"], ["1990-03-07"], {"resolutions": [{}]}, HOLDS),
    ("resolution_adopted", ["r"], ["1990-03-07", "HRC"], {"resolutions": [{}]}, HOLDS),
    ("resolution_adopted", ["r"], ["1990-03-07", "GA"], {"resolutions": [{}]}, CONFLICTS),
    ("resolution_adopted", ["r"], ["1990-03-08"], {"resolutions": [{}]}, CONFLICTS),
    ("resolution_symbol", ["r"], ["A/HRC/RES/1/1"], {"resolutions": [{}]}, HOLDS),
    ("resolution_symbol", ["r"], ["A/HRC/RES.1/1.E"], {"resolutions": [{}]}, NOTE),
    ("resolution_symbol", ["r"], ["A/HRC/RES/1/2"], {"resolutions": [{}]}, CONFLICTS),
    ("first_term_years", [], ["1"], {"resolutions": [{}]}, HOLDS),
    ("first_term_years", [], ["1"], {"resolutions": [{}, {"short": "E 1", "term_years": 2}]}, NOTE),
    ("first_term_years", [], ["1"], {"resolutions": [{"term_years": 2}]}, CONFLICTS),
    ("first_term_years", [], ["1"], {"resolutions": [{"action": ["extended"]}]}, OPEN),
    ("term", ["h1"], ["1991"], {"terms": [{}]}, HOLDS),
    ("term", ["h1"], ["1991"], {"terms": [{}, {"date": "1990"}]}, NOTE),
    ("term", ["h1"], ["1991", "1994"], {"terms": [{}]}, NOTE),
    ("term", ["h1"], ["1992"], {"terms": [{}]}, CONFLICTS),
    ("term", ["h1"], ["1991", "1994"], {"terms": [{}, {"event": "left_office", "date": "1995"}]}, CONFLICTS),
    ("term", ["h1"], ["1991"], {"terms": [ONLY_ASSESSMENT]}, OPEN),
    ("terms_join", [], [], {"holders": TWO, "terms": PRINTED}, HOLDS),
    ("terms_join", [], [], {"holders": TWO, "terms": [
        *PRINTED, {"event": "left_office", "date": "1994-10"}, {"holder_id": "h2", "date": "1995-01"}]}, NOTE),
    ("terms_join", [], [], {"holders": TWO, "terms": [
        *PRINTED[:2], {"holder_id": "h2", "date": "1995", **ONLY_ASSESSMENT}]}, CONFLICTS),
    ("terms_join", [], [], {"holders": TWO, "terms": PRINTED[:2]}, OPEN),
    ("holders_number", [], ["2"], {"holders": TWO, "terms": [{}, {"holder_id": "h2", "date": "2014"}]}, HOLDS),
    ("holders_number", [], ["2"], {"holders": TWO, "terms": [{}, {"holder_id": "h2", "date": "2020"}]}, CONFLICTS),
    ("in_office", ["h1"], ["1992"], {"holders": TWO, "terms": [{}]}, HOLDS),
    ("in_office", ["h1"], ["1990"], {"holders": TWO, "terms": [{}]}, CONFLICTS),
    ("in_office", ["h1"], ["1999"], {"terms": [{}, {"event": "left_office", "date": "1998"}]}, CONFLICTS),
    ("in_office", ["h2"], ["1999"], {"terms": [{}]}, OPEN),
    ("first_term_meets_holder", ["r", "h1"], ["2", "1991"], {"resolutions": [{}]}, HOLDS),
    ("first_term_meets_holder", ["r", "h1"], ["1", "1991"], {"resolutions": [{}], "terms": [{}]}, NOTE),
    ("first_term_meets_holder", ["r", "h1"], ["1", "1992"], {"resolutions": [{}]}, CONFLICTS),
    ("event_date", ["e"], ["1990-01-01"], {"events": [{}]}, HOLDS),
    ("event_date", ["e"], ["1990-07-01"], {"events": [{}]}, CONFLICTS),
    ("event_date", ["e"], ["1990-07-01"], {"events": [{}], "differences": [{}]}, NOTE),
    ("event_date", ["e"], ["1990-07-01"], {"events": [{}], "differences": [ONLY_ASSESSMENT]}, CONFLICTS),
    ("event_date", ["e"], ["1990-07-01"], {"events": [{}], "differences": [{"value": "1990-07-02"}]}, CONFLICTS),
    ("event_symbol", ["e"], ["X/1"], {"events": [{}]}, HOLDS),
    ("event_symbol", ["e"], ["Y"], {"events": [{}]}, CONFLICTS),
    ("within_months", ["e", "r"], ["3"], {"events": [{}], "resolutions": [{}]}, HOLDS),
    ("within_months", ["e", "r"], ["2"], {"events": [{}], "resolutions": [{}]}, CONFLICTS),
    ("within_months", ["e", "r"], ["2"], {"events": [{"date": "1990"}], "resolutions": [{}]}, OPEN),
    ("years_until_assessment", ["r"], ["25"], {"resolutions": [{}]}, HOLDS),
    ("years_until_assessment", ["r"], ["24"], {"resolutions": [{}]}, CONFLICTS),
    ("anniversary", ["e"], ["26"], {"events": [{}]}, HOLDS),
    ("anniversary", ["e"], ["20"], {"events": [{}]}, CONFLICTS),
    ("first_so_named", ["e"], ["congress"], {"events": [{}]}, HOLDS),
    ("first_so_named", ["e"], ["congress"],
     {"events": [{}, {"event_id": "f", "title": "A congress", "date": "1980"}]}, CONFLICTS),
    ("first_so_named", ["e"], ["summit"], {"events": [{}]}, CONFLICTS),
    ("event_place", ["e"], ["Oslo"], {"events": [{}]}, HOLDS),
    ("event_place", ["e"], ["Rome"], {"events": [{}]}, CONFLICTS),
    ("replaced_in", ["e", "f"], ["1990"], {"events": [{}, {"event_id": "f"}]}, HOLDS),
    ("replaced_in", ["e", "f"], ["1990"], {"events": [{}, {"event_id": "f", "date": "1991"}]}, CONFLICTS),
    ("existed_by", ["e", "f", "r"], [], {"events": [{}, {"event_id": "f"}], "resolutions": [{}]}, HOLDS),
    ("existed_by", ["e", "f", "r"], [],
     {"events": [{}, {"event_id": "f", "date": "1995"}], "resolutions": [{}]}, NOTE),
    ("existed_by", ["e", "f", "r"], [],
     {"events": [{"date": "1994"}, {"event_id": "f", "date": "1995"}], "resolutions": [{}]}, CONFLICTS),
    ("number_grew", ["congress"], ["1989"], {"events": [{}]}, HOLDS),
    ("number_grew", ["congress"], ["1990"], {"events": [{}]}, CONFLICTS),
    ("theme_since", ["d", "x"], ["2000"], {"documents": [{}], "document_themes": [{}]}, HOLDS),
    ("theme_since", ["d", "x"], ["2000"],
     {"documents": [{}, {"document_id": "b", "listed_year": "1999"}],
      "document_themes": [{}, {"document_id": "b"}]}, NOTE),
    ("theme_since", ["d", "x"], ["2000"], {"documents": [{}], "document_themes": []}, CONFLICTS),
    ("theme_since", ["d", "x"], ["1999"], {"documents": [{}], "document_themes": [{}]}, CONFLICTS),
    ("theme_reported", ["x"], ["1"], {"themes": [{}], "documents": [{}], "document_themes": [{}]}, HOLDS),
    ("theme_reported", ["x"], ["2"], {"themes": [{}], "documents": [{}], "document_themes": [{}]}, CONFLICTS),
    ("theme_reported", ["x"], ["1"], {"documents": [{}]}, OPEN),
    ("methods_used_before", ["h2"], [], {"holders": TWO, "methods": [{}], "documents": [{"kind": "visit"}]}, HOLDS),
    ("methods_used_before", ["h2"], [], {"holders": TWO, "methods": [{}], "documents": [{}]}, OPEN),
    ("visits_of_every_holder", [], [], {"holders": TWO[:1], "terms": [{}], "visits": [{}]}, HOLDS),
    ("visits_of_every_holder", [], [],
     {"holders": TWO, "terms": [{}, {"holder_id": "h2"}], "visits": [{}]}, OPEN),
    ("communications_from_the_first", [], [],
     {"communications_pointers": [{"symbol": "A/HRC/9/1"}], "documents": [{}]}, HOLDS),
    ("communications_from_the_first", [], [], {"communications_pointers": [{}], "documents": [{}]}, OPEN),
    ("bodies", [], ["HRC"], {"documents": [{}]}, HOLDS),
    ("bodies", [], ["HRC", "GA"], {"documents": [{}]}, CONFLICTS),
    ("listed", ["methods"], ["1"], {"methods": [{}]}, HOLDS),
    ("listed", ["methods"], ["2"], {"methods": [{}]}, CONFLICTS),
    ("listed", ["challenges", "ch"], ["1"], {"challenges": [{}, {"parent_id": "ch"}]}, HOLDS),
    ("cites_only", [], [], {"citations": [{"document_id": "d"}]}, HOLDS),
    ("cites_only", [], [], {"citations": [{"document_id": "d"}, {"event_id": "e"}]}, NOTE),
    ("cites_only", [], [], {"citations": []}, OPEN),
    ("year_convention", [], [],
     {"documents": [{"date": "1999"}], "citations": [{"document_id": "d", "printed_year": "2000"}]}, HOLDS),
    ("year_convention", [], [],
     {"documents": [{"date": "1999"}], "citations": [
         {"document_id": "d", "printed_year": "2000"}, {"document_id": "d", "printed_year": "1999"}]}, NOTE),
    ("year_convention", [], [],
     {"documents": [{}], "citations": [{"document_id": "d", "printed_year": "2000"}]}, OPEN),
    ("names_as_recorded", [], [], {"holders": [{}], "citations": [{"printed_holder": "One"}]}, HOLDS),
    ("names_as_recorded", [], [], {"holders": [{}], "citations": [{"printed_holder": "Oen"}]}, NOTE),
    ("names_as_recorded", [], [], {"holders": [{}], "citations": [{}]}, OPEN),
    ("not_of_the_mandate", ["e"], ["awareness"],
     {"events": [{}], "passages": [{}], "citations": [{"event_id": "e"}]}, NOTE),
    ("not_of_the_mandate", ["e"], ["methods"],
     {"events": [{}], "passages": [{}], "citations": [{"event_id": "e"}]}, CONFLICTS),
    ("challenges_sourced", [], [], {"challenges": [{"cited_document_id": "d"}]}, HOLDS),
    ("challenges_sourced", [], [], {"challenges": [{}]}, OPEN),
    ("challenges_sourced", [], [], {"challenges": []}, OPEN),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "about", "stated", "rows", "verdict"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)]
)
def test_a_check_follows_the_data(name, about, stated, rows, verdict):
    try:
        outcome = CHECKS[name](fake(**rows), about, stated)
    except UndecidedError as undecided:
        found, reason = OPEN, str(undecided)
    else:
        found, reason = outcome.verdict, outcome.reason
        assert "assessment" not in outcome.source_ids  # it cannot confirm itself
    assert found == verdict, reason
    assert reason[0].isupper() or reason[0].isdigit()
    assert reason.endswith(".")


@pytest.mark.parametrize("name", CHECKS)
def test_each_check_is_tried_both_ways(name):
    assert len({case[4] for case in CASES if case[0] == name}) >= 2


def test_what_else_is_said_of_the_first_term_and_the_first_holder_is_told():
    t = fake(
        resolutions=[
            {},
            {"resolution_id": "s", "short": "ECOSOC 1", "adopted": "1990-05-25", "term_years": 2},
        ],
        terms=[{"date": "1990"}],
    )
    told = CHECKS["first_term_meets_holder"](t, ["r", "h1"], ["1", "1991"]).reason
    assert "other sources: 1990 (took_office)" in told and "ECOSOC 1 of 25 May 1990 gives 2 years" in told


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize(
    "stated",
    [[], ["nonsense"] * 3, ["1" * 20] * 3, ["2008", "three", "four"]],
    ids=["none", "words", "long", "mixed"],
)
def test_a_slip_in_what_is_stated_is_told_in_words_and_never_breaks_the_check(tables, name, stated):
    for about in {tuple(row) for row in tables["claims"].query("check == @name")["about"]}:
        try:
            CHECKS[name](tables, list(about), stated)
        except ValueError as error:
            assert not any(word in str(error) for word in ("int()", "zip()", "literal", "argument")), error
        except (IndexError, UndecidedError):
            pass


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("listed", ["chalenges"]),
        ("listed", ["challenges", "no-such-row"]),
        ("theme_reported", ["adopton"]),
        ("number_grew", ["nonsense"]),
    ],
)
def test_a_slip_in_what_a_statement_is_about_gives_no_verdict(tables, name, about):
    with pytest.raises(ValueError, match=about[-1]):
        CHECKS[name](tables, about, ["2"])


# --- the table of claims ---


def test_a_changed_date_changes_the_verdict(tables):
    claim = tables["claims"].query("claim_id == 'cl-mandate-p3-01'")
    assert list(claim["check"]) == ["resolution_adopted"]
    before = claims.verdicts(tables).set_index("claim_id").loc["cl-mandate-p3-01"]
    tables["resolutions"].loc[tables["resolutions"]["resolution_id"] == "hrc-7-13", "adopted"] = parse(
        "2008-03-28"
    )
    after = claims.verdicts(tables).set_index("claim_id").loc["cl-mandate-p3-01"]
    assert (before["verdict"], after["verdict"]) == (HOLDS, CONFLICTS)
    assert "28 March 2008" in after["reason"]


@pytest.fixture
def tables() -> Tables:
    return load(DATA)


def test_every_claim_has_a_verdict_and_a_reason_with_its_sources(tables):
    checked = claims.verdicts(tables)
    assert list(checked["claim_id"]) == list(tables["claims"]["claim_id"])
    assert set(checked["verdict"]) <= {HOLDS, NOTE, CONFLICTS, OPEN}
    assert claims.OTHERWISE not in set(checked["reason"])
    assert (checked["reason"].str.len() > 0).all() and (checked["how"].str.len() > 0).all()
    known = set(tables["sources"]["source_id"])
    assert all(set(row) <= known for row in checked["source_ids"])


def test_every_check_of_the_package_is_used(tables):
    computed = tables["claims"].query("verdict == 'computed'")
    assert set(computed["check"]) == set(CHECKS)


def test_what_was_read_has_its_sources_and_what_is_open_says_what_would_settle_it(tables):
    checked = claims.verdicts(tables)
    read = checked[checked["check"] == claims.BY_READING]
    assert len(read) and all(read["source_ids"])
    assert set(checked.loc[~checked["computed"] & ~checked.index.isin(read.index), "verdict"]) == {OPEN}


def test_a_verdict_by_reading_is_supported_by_a_source_that_was_read(tables):
    readings = tables["claim_readings"]
    for claim in tables["claims"].query("check == 'reading'").itertuples():
        supported = set(readings.loc[readings["claim_id"] == claim.claim_id, "supports"])
        # Several sources that each hold can still leave something to add.
        assert claim.verdict in supported or claim.verdict == NOTE, claim.claim_id


def test_the_code_of_a_check_can_be_shown():
    assert "def document_date(" in claims.source("document_date")
    assert claims.describe("document_date").endswith(".")
    with pytest.raises(KeyError):
        claims.describe("no_such_check")


def test_before_the_assessment_nothing_is_checked():
    assert claims.verdicts(load(DATA, "2008-03-31")).empty


def test_the_vocabulary_of_checks_has_no_name_of_a_function(tables):
    assert not set(tables.codes("claim_check")) & set(CHECKS)
    described = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    assert described["mandate"]["assessment"] == "leiden-2015"


def test_a_package_without_a_column_that_a_check_needs_leaves_the_statement_open(tables):
    del tables["resolutions"]["adopted"]
    checked = claims.verdicts(tables).set_index("claim_id").loc["cl-mandate-p3-01"]
    assert (checked["verdict"], checked["reason"]) == (OPEN, claims.OTHERWISE)


# --- what the check of the data says of claims ---

CLAIMS = "coding/claims.csv"
SPOILED = {
    "an unknown check": ("document_date,a-hrc-1-1", "document_dat,a-hrc-1-1", "did you mean `document_date`?"),
    "a typed verdict of a computed check": ("1999-02-10,computed,", "1999-02-10,holds,", "set verdict to `computed`"),
    "a typed reason of a computed check": ("computed,,", "computed,It is.,", "empty it"),
    "a computed verdict of what was read": ("reading,,,holds,", "reading,,,computed,", "say what the source shows"),
    "a verdict on what cannot be checked": ("no_data,,,cannot_be_checked", "no_data,,,holds", "cannot_be_checked"),
    "no word on what would settle it": ("A search of the archive.", "", "say why, or what would settle it"),
    "a reading that is not there": ("cl-body-p1-02,The report", "cl-body-p1-04,The report", "add the reading there"),
    "too few values": ("a-hrc-1-1,1999-02-10,computed", "a-hrc-1-1,,computed", "claim with this check as model"),
    "values that do not fit": ("a-hrc-1-1,1999-02-10,computed", "a-hrc-1-1,1999-13,computed", "1999-13 does not exist"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), SPOILED.values(), ids=SPOILED)
def test_a_spoiled_claim_is_told_with_what_to_do(package, edit, old, new, told):
    assert not check(package)
    edit(CLAIMS, old, new)
    problems = [str(problem) for problem in check(package) if problem.rule == "claim"]
    assert any(told in problem for problem in problems), problems
    assert all(problem.startswith(f"{CLAIMS}:") for problem in problems)
