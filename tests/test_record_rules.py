"""What must hold between the tables of the record, and what is only to be looked at; each rule both ways."""

import csv

import pytest

from compendium.check import check, report
from compendium.legacy_tables import load
from compendium.record_rules import problems, warnings
from compendium.cells import Neighbours, Table
from conftest import prints

DOCUMENTS, VISITS, RESOLUTIONS = "record/documents.csv", "record/visits.csv", "record/resolutions.csv"
COUNTRIES, TERMS = "record/countries.csv", "record/terms.csv"

# What is spoiled: (file, old, new), and what is told: (file, id, rule, part of the message, part of what to do).
CONTRADICTIONS = {
    "a document older than the mandate": (
        (DOCUMENTS, "1999-02-10,1999", "1997-02-10,1997"),
        (
            DOCUMENTS,
            "a-hrc-1-1",
            "mandate",
            "10 February 1997, before the mandate was created (27 March 1998)",
            "date",
        ),
    ),
    "a document listed before the mandate": (
        (DOCUMENTS, "A/HRC/2/2,HRC,2,,2002", "A/HRC/2/2,HRC,2,,1997"),
        (DOCUMENTS, "a-hrc-2-2", "mandate", "the document is dated 1997", "leave the document out"),
    ),
    "a symbol of another body": (
        (DOCUMENTS, "A/HRC/1/1,HRC", "A/HRC/1/1,GA"),
        (
            DOCUMENTS,
            "a-hrc-1-1",
            "body",
            "`A/HRC/1/1` is of HRC, the column body says GA",
            "the one or the other",
        ),
    ),
    "a symbol of a special session of another body": (
        (DOCUMENTS, "A/HRC/4/4,HRC,4", "A/HRC/S-4/4,GA,"),
        (DOCUMENTS, "a-hrc-4-4", "body", "`A/HRC/S-4/4` is of HRC, the column body says GA", "the one or"),
    ),
    "a resolution of another body": (
        (RESOLUTIONS, "m-3,RES/M/3,RES/M/3,GA", "m-3,A/HRC/RES/3/3,RES/M/3,GA"),
        (
            RESOLUTIONS,
            "m-3",
            "body",
            "`A/HRC/RES/3/3` is of HRC, the column body says GA",
            "the one or the other",
        ),
    ),
    "a symbol of another session": (
        (DOCUMENTS, "A/HRC/4/4,HRC,4", "A/HRC/4/4,HRC,5"),
        (
            DOCUMENTS,
            "a-hrc-4-4",
            "session",
            "of session 4, the column session says 5",
            "the one or the other",
        ),
    ),
    "a country code that does not exist": (
        (COUNTRIES, 'XBB,"Country B, Islands of"', "ZWL,Zimbabwe"),
        (COUNTRIES, "ZWL", "country", "`ZWL` is not a country code", "did you mean `ZWE` (Zimbabwe)?"),
    ),
    "a country code that does not exist, the name written as the United Nations does": (
        (COUNTRIES, 'XBB,"Country B, Islands of"', "NED,Netherlands (Kingdom of the)"),
        (COUNTRIES, "NED", "country", "`NED` is not", "did you mean `NLD` (Netherlands)?"),
    ),
    "a country code that does not exist, with a name that is like none": (
        (COUNTRIES, 'XBB,"Country B, Islands of"', "QQQ,Zzz"),
        (COUNTRIES, "QQQ", "country", "`QQQ` is not a country code", "look it up at https://"),
    ),
    "a symbol of another year of the Commission": (
        (DOCUMENTS, "A/HRC/4/4,HRC,4,2011-03-01,2012", "E/CN.4/2011/4,CHR,,2011-03-01,2012"),
        (DOCUMENTS, "a-hrc-4-4", "session", "is of 2011, the column listed_year says 2012", "the one or"),
    ),
    "a report that is none of a visit": (
        (VISITS, "A/HRC/3/3", "A/HRC/1/1"),
        (
            VISITS,
            "country-b-2004",
            "report",
            "`A/HRC/1/1` is a document of the kind `thematic`",
            "report_symbol",
        ),
    ),
    "a visit held that points to its replacement": (
        (VISITS, "moved,country-b-2004", "held,country-b-2004"),
        (VISITS, "country-b-2004-planned", "visit", "a visit that was held has no held_as", "empty held_as"),
    ),
    "a follow-up in another country": (
        (VISITS, "holder-a,country-b-1999", "holder-a,country-a-2003"),
        (VISITS, "country-b-2004", "visit", "a visit to XAA, not XBB", "correct follow_up_of"),
    ),
    "a follow-up before the visit": (
        (VISITS, "1999-03-01,1999-03-05", "2005-03-01,2005-03-05"),
        (
            VISITS,
            "country-b-2004",
            "visit",
            "not after the visit that it follows up (1 March 2005)",
            "or the dates",
        ),
    ),
    "a follow-up that begins with the visit": (
        (VISITS, "1999-03-01,1999-03-05", "2004-07-02,2004-07-05"),
        (VISITS, "country-b-2004", "visit", "not after the visit that it follows up (2 July 2004)", "dates"),
    ),
    "a visit held at another time in another country": (
        (VISITS, "moved,country-b-2004", "moved,country-a-2003"),
        (
            VISITS,
            "country-b-2004-planned",
            "visit",
            "held_as points to `country-a-2003`, a visit to XAA",
            "held",
        ),
    ),
}

WARNINGS = {
    "a visit outside the term of its holder": (
        (VISITS, "2003-05", "2006-05"),
        (
            VISITS,
            "country-a-2003",
            "term",
            "the visit (May 2006) lies outside the term of `holder-b` (2001-07-01 to 2004-06-30)",
            "holder or date",
        ),
    ),
    "a document long after the term of its holder": (
        (DOCUMENTS, "A/HRC/2/2,HRC,2,,2002", "A/HRC/2/2,HRC,2,2006-01,2002"),
        (
            DOCUMENTS,
            "a-hrc-2-2",
            "term",
            "the document (January 2006) lies outside the term of `holder-b`",
            "holder or date",
        ),
    ),
    "a document listed long after the term of its holder": (
        (DOCUMENTS, "A/HRC/2/2,HRC,2,,2002", "A/HRC/2/2,HRC,2,,2006"),
        (DOCUMENTS, "a-hrc-2-2", "term", "the document (2006) lies outside the term", "holder or date"),
    ),
    "a visit that goes on after the term of its holder": (
        (VISITS, "2003-05,,held", "2004-06-20,2004-07-05,held"),
        (VISITS, "country-a-2003", "term", "20 June 2004 to 5 July 2004", "holder or date"),
    ),
    "a visit before the term of its holder": (
        (VISITS, "2003-05", "2001-06"),
        (VISITS, "country-a-2003", "term", "the visit (June 2001) lies outside", "holder or date"),
    ),
    "a visit between two terms of its holder": (
        (VISITS, "2003-05,,held,,holder-b", "2003-05,,held,,holder-a"),
        (VISITS, "country-a-2003", "term", "lies outside the terms of `holder-a`", "holder or date"),
    ),
    "a source without an address": (
        ("record/sources.csv", "https://example.org/handbook", ""),
        ("record/sources.csv", "handbook-m", "address", "has no address", "how else it can be found"),
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_contradiction_is_an_error(package, edit, name):
    spoil, (file, key, rule, message, todo) = CONTRADICTIONS[name]
    edit(*spoil)
    if name.startswith("a country"):  # what refers to the old code is another problem
        (package / VISITS).unlink()
    before = prints(package)
    told = [
        problem for problem in check(package) if (problem.file, problem.id, problem.rule) == (file, key, rule)
    ]
    assert len(told) == 1, report(check(package))
    assert message in told[0].message and todo in told[0].todo and told[0].line > 1
    assert prints(package) == before


@pytest.mark.parametrize("name", WARNINGS)
def test_a_doubt_is_a_warning_and_no_error(package, edit, name):
    spoil, (file, key, rule, message, todo) = WARNINGS[name]
    edit(*spoil)
    found = check(package)
    assert not found, report(found)
    [warning] = found.warnings
    assert (warning.file, warning.id, warning.rule) == (file, key, rule)
    assert message in warning.message and todo in warning.todo and warning.line > 1
    assert report(found).splitlines()[1] == "1 thing to look at, which may be right:"


def test_a_sound_package_has_neither(package):
    found = check(package)
    assert not found and not found.warnings


def test_reports_that_follow_a_term_within_a_year_are_no_doubt(package, edit):
    edit(DOCUMENTS, "A/HRC/2/2,HRC,2,,2002", "A/HRC/2/2,HRC,2,2005-05,2002")
    assert not check(package).warnings


def test_a_package_with_problems_has_no_warnings_beside(package, edit):
    edit("record/sources.csv", "https://example.org/handbook", "")
    edit(DOCUMENTS, "A/HRC/1/1,HRC", "A/HRC/1/1,GA")
    found = check(package)
    assert found and not found.warnings


# --- what is no contradiction, and no doubt ---

NOT_JUDGED = {
    "a document of the year of the mandate": (DOCUMENTS, "HRC,1,1999-02-10,1999", "HRC,1,,1998"),
    "a document of a special session": (DOCUMENTS, "A/HRC/4/4,HRC,4", "A/HRC/S-4/4,HRC,"),
    "a document of a subsidiary body": (DOCUMENTS, "A/HRC/4/4,HRC,4", "E/CN.4/Sub.2/2012/4,GA,4"),
    "a symbol of a body that the compendium does not know": (DOCUMENTS, "A/HRC/4/4,HRC", "CRC/C/156,GA"),
    "a document of the Assembly": (DOCUMENTS, "A/HRC/4/4,HRC,4", "A/4/4,GA,4"),
    "a country that is no more": (COUNTRIES, 'XBB,"Country B, Islands of"', "ZAR,Zaire"),
    "a code for private use": (COUNTRIES, 'XBB,"Country B, Islands of"', "XKX,Kosovo"),
    "a follow-up of the same year": (VISITS, "1999-03-01,1999-03-05", "2004,"),
    "a visit of the year in which the term began": (VISITS, "2003-05", "2001"),
    "a visit that began on the last day of the term": (VISITS, "2003-05", "2004-06-30"),
    "a document within a year after the term": (DOCUMENTS, "A/HRC/2/2,HRC,2,,2002", "A/HRC/2/2,HRC,2,2005-05,2002"),
    "the assessment, which has no address": ("record/sources.csv", "2012,cited by passage", "2012,printed"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_JUDGED)
def test_what_may_be_right_is_let_through(package, edit, name):
    edit(*NOT_JUDGED[name])
    if name.startswith(("a country", "a code")):
        (package / VISITS).write_text((package / VISITS).read_text().replace("XBB", NOT_JUDGED[name][2][:3]))
        holders = package / "record" / "holders.csv"
        holders.write_text(holders.read_text().replace("XBB", NOT_JUDGED[name][2][:3]))
    found = check(package)
    assert report(found).startswith("No problems") and not found.warnings, report(found)


def test_contradictions_of_one_row_are_told_at_once(package, edit):
    edit(DOCUMENTS, "A/HRC/4/4,HRC,4", "A/HRC/4/4,GA,5")
    assert [(problem.id, problem.rule) for problem in check(package)] == [
        ("a-hrc-4-4", "body"),
        ("a-hrc-4-4", "session"),
    ]


def test_an_ill_formed_cell_is_told_once(package, edit):
    edit(DOCUMENTS, "A/HRC/4/4,HRC,4,2011-03-01,2012", "E/CN.4/2011/4,HRC,,2011-03-01,2012.0")
    edit(VISITS, "XAA,2003-05,,held", "XAA,05/2003,,held")
    assert [(problem.id, problem.rule) for problem in check(package)] == [
        ("a-hrc-4-4", "date"),
        ("country-a-2003", "date"),
    ]


def test_a_mandate_that_names_bodies_and_kinds_otherwise_is_not_judged_by_our_names(package):
    for file, old, new in (
        (DOCUMENTS, ",HRC,", ",council,"),
        (RESOLUTIONS, ",HRC,", ",council,"),
        ("vocabularies.csv", "body,HRC,", "body,council,"),
        ("coding/citations.csv", ",HRC,", ",council,"),
        (DOCUMENTS, ",visit,", ",mission,"),
        ("vocabularies.csv", "document_kind,visit,", "document_kind,mission,"),
        ("coding/methods.csv", ",visit,", ",mission,"),
    ):
        path = package / file
        path.write_text(path.read_text().replace(old, new))
    assert report(check(package)).startswith("No problems")


def test_a_package_without_a_resolution_that_created_the_mandate_has_documents_of_any_date(package, edit):
    edit(RESOLUTIONS, "1998-03-27,created", "1998-03-27,extended")
    edit(DOCUMENTS, "1999-02-10,1999", "1997-02-10,1997")
    found = check(package)
    assert not found and [warning.id for warning in found.warnings] == ["a-hrc-1-1"]


# Ways in which another package may describe its tables, all of them sound.
DESCRIBED_OTHERWISE = {
    "dates that are texts": lambda d: [
        one.pop("rdfType", None) for table in d["resources"] for one in table["schema"]["fields"]
    ],
    "sources in one text": lambda d: [
        (one.pop("reference", None), one.update(type="string"))
        for table in d["resources"]
        for one in table["schema"]["fields"]
        if one["name"] == "source_ids"
    ],
    "no vocabularies": lambda d: [
        one.pop("vocabulary", None) for table in d["resources"] for one in table["schema"]["fields"]
    ],
}


@pytest.mark.parametrize("name", DESCRIBED_OTHERWISE)
def test_a_package_that_is_described_otherwise_is_checked_without_an_exception(package, describe, name):
    describe(DESCRIBED_OTHERWISE[name])
    describe(lambda d: [table.pop(role, None) for table in d["resources"] for role in ("asOf", "asOfElse")])
    assert check(package) == []


@pytest.mark.parametrize(
    ("table", "column"),
    [
        *[("visits", name) for name in ("start", "holder_id", "report_symbol", "follow_up_of", "outcome")],
        *[("documents", name) for name in ("symbol", "date", "listed_year", "holder_id", "kind")],
        *[("terms", name) for name in ("date", "holder_id", "source_ids", "status")],
        *[("sources", name) for name in ("url", "kind")],
        *[("resolutions", name) for name in ("symbol", "adopted", "action")],
        *[("differences", name) for name in ("topic_id", "about", "table", "row_id", "value", "drawn")],
    ],
)
def test_a_package_that_lacks_a_column_is_checked_without_an_exception(package, describe, table, column):
    path = package / "record" / f"{table}.csv"
    with path.open(newline="") as file:
        lines = list(csv.reader(file))
    at = lines[0].index(column)
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(line[:at] + line[at + 1 :] for line in lines)

    def without(descriptor):
        for one in descriptor["resources"]:
            schema, own = one["schema"], one["name"] == table
            schema["foreignKeys"] = [
                key
                for key in schema.get("foreignKeys", [])
                if not (own and column in key["fields"])
                and (table, [column]) != (key["reference"]["resource"], key["reference"]["fields"])
            ]
            if one.get("asOfThrough") == {"resource": table, "field": column}:
                del one["asOfThrough"]
            if own:
                schema["fields"] = [field for field in schema["fields"] if field["name"] != column]
                for role in ("asOf", "asOfElse"):
                    if one.get(role) == column:
                        del one[role]

    describe(without)
    found = check(package)
    assert {problem.rule for problem in found} <= {"unverified"}, report(found)  # names the column, rightly
    assert {(one.file, one.line, one.rule) for one in found.warnings} <= {(TERMS, 0, "term")}


def test_terms_that_cannot_be_drawn_are_told(package, describe):
    describe(DESCRIBED_OTHERWISE["sources in one text"])
    [warning] = check(package).warnings
    assert (warning.file, warning.line, warning.rule) == (TERMS, 0, "term")
    assert "no terms of office can be drawn" in warning.message and warning.todo


def test_warnings_are_data_for_a_notebook(package, edit):
    edit("record/sources.csv", "https://example.org/handbook", "")
    assert warnings(load(package)) == check(package).warnings != []


def test_many_wrong_codes_do_not_take_long_to_compare():
    tables = {
        "countries": Table(
            {"name": "countries", "path": "c.csv", "schema": {"fields": [], "primaryKey": []}}, "c.csv"
        )
    }
    tables["countries"].columns = ["country", "name"]
    tables["countries"].rows, tables["countries"].lines = [{"country": "ZWL", "name": "Zimbabwe"}], [2]
    [problem] = problems(tables, Neighbours(left=0))
    assert problem.todo.startswith("look it up")
