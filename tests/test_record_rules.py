"""What must hold between the tables of the record, and what is only to be looked at; each rule both ways."""

import pytest

from compendium.check import check, report
from conftest import prints

DOCUMENTS, VISITS, RESOLUTIONS = "record/documents.csv", "record/visits.csv", "record/resolutions.csv"
COUNTRIES = "record/countries.csv"

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
        (DOCUMENTS, "a-hrc-4-4", "session", "of session 4, the column says 5", "the one or the other"),
    ),
    "a country code that does not exist": (
        (COUNTRIES, 'XBB,"Country B, Islands of"', "ZWL,Zimbabwe"),
        (COUNTRIES, "ZWL", "country", "`ZWL` is not a country code", "for Zimbabwe it is `ZWE`"),
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
            "before the visit that it follows up (1 March 2005)",
            "or the dates",
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
            "start 2006-05 lies outside the term of `holder-b`",
            "holder or date",
        ),
    ),
    "a document long after the term of its holder": (
        (DOCUMENTS, "A/HRC/2/2,HRC,2,,2002", "A/HRC/2/2,HRC,2,2006-01,2002"),
        (
            DOCUMENTS,
            "a-hrc-2-2",
            "term",
            "date 2006-01 lies outside the term of `holder-b`",
            "holder or date",
        ),
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
