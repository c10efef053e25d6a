"""What the check asks of the table of differences between sources; each rule both ways."""

import pytest

from compendium.check import check, report
from conftest import prints

DIFFERENCES, RESOLUTIONS = "record/differences.csv", "record/resolutions.csv"

# What is spoiled: (file, old, new), and what is told: (id, rule, part of the message, part of what to do).
SPOILED = {
    "a topic of which no value is used": (
        (DIFFERENCES, "un-a-hrc-1-1,yes,The text itself.", "un-a-hrc-1-1,no,"),
        ("m-2-term-1", "difference", "no value of the topic `m-2-term` is used", "set drawn to `yes` in the row"),
    ),
    "a topic of which two values are used": (
        (DIFFERENCES, "handbook-m,no,,", "handbook-m,yes,Newer.,"),
        ("m-2-term-1", "difference", "2 values of the topic `m-2-term` are used", "leave `yes` in one row"),
    ),
    "a topic of which all values stand and one is used": (
        (DIFFERENCES, "handbook-m,both,Decided later.", "handbook-m,yes,Decided later."),
        ("m-1-term-1", "difference", "both, yes", "`both` and `none` go for all rows of a topic"),
    ),
    "a topic of which no value is used, but one is kept beside": (
        (DIFFERENCES, "12,the handbook,handbook-m,none", "12,the handbook,handbook-m,no"),
        ("meeting-states-1", "difference", "no, none", "`both` and `none` go for all rows of a topic"),
    ),
    "a topic with one value": (
        (DIFFERENCES, "m-2-term-2,m-2-term,", "m-2-term-2,m-2-trem,"),
        ("m-2-term-1", "difference", "the topic `m-2-term` has one row only", "add the row of a source"),
    ),
    "the same value twice in a topic": (
        (DIFFERENCES, ",,5,the handbook", ",,3,the handbook"),
        ("m-2-term-2", "difference", "line 4 gives the same value (`3`)", "put the sources of both rows into one"),
    ),
    "a topic that is called two things": (
        (DIFFERENCES, "m-2-term,length of the extension,resolutions,m-2,,5", "m-2-term,a length,resolutions,m-2,,5"),
        ("m-2-term-2", "difference", "about: `a length` is not what line 4 says of the topic", "same text"),
    ),
    "a used value without a reason": (
        (DIFFERENCES, "yes,The text itself.", "yes,"),
        ("m-2-term-1", "difference", "the value is used, but rule is empty", "why in a short sentence"),
    ),
    "a used value that the other table no longer has": (
        (RESOLUTIONS, "extended;renamed,3", "extended;renamed,2"),
        ("m-2-term-1", "difference", "`3`, but term_years of `m-2` in record/resolutions.csv is `2`", "the one or"),
    ),
    "one of two standing values that the other table does not have": (
        (DIFFERENCES, "m-1,term_years,3,", "m-1,term_years,1,"),
        ("m-1-term-1", "difference", "`1`, but term_years of `m-1` in record/resolutions.csv is `3`", "the one or"),
    ),
    "a value in the other table that none of the rows says is used": (
        (RESOLUTIONS, "m-3,RES/M/3,RES/M/3,GA,2013,extended,,", "m-3,RES/M/3,RES/M/3,GA,2013,extended,2,"),
        ("m-3-term-1", "difference", "drawn is `none`, but term_years of `m-3` in", "`yes`"),
    ),
    "a table that does not exist": (
        (DIFFERENCES, "extension,resolutions,m-2,,5", "extension,resolution,m-2,,5"),
        ("m-2-term-2", "reference", "table: `resolution` is not a table of this package", "mean `resolutions`?"),
    ),
    "a row that does not exist": (
        (DIFFERENCES, "extension,resolutions,m-2,,5", "extension,resolutions,m-22,,5"),
        ("m-2-term-2", "reference", "row_id: `m-22` is not a key of the table `resolutions`", "did you mean `m-2`?"),
    ),
    "a column that does not exist": (
        (DIFFERENCES, "extension,resolutions,m-2,,5", "extension,resolutions,m-2,term_year,5"),
        ("m-2-term-2", "reference", "field: `term_year` is not a column of the table `resolutions`", "`term_years`?"),
    ),
    "a table without a row": (
        (DIFFERENCES, "extension,resolutions,m-2,,5", "extension,resolutions,,,5"),
        ("m-2-term-2", "reference", "table is filled, but row_id is empty", "fill table and row_id, or empty both"),
    ),
    "a column without a table": (
        (DIFFERENCES, "States at a meeting,,,,12", "States at a meeting,,,date,12"),
        ("meeting-states-2", "reference", "field is filled, but table and row_id are empty", "fill table and row_id"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILED)
def test_what_does_not_fit_is_an_error(package, edit, name):
    spoil, (key, rule, message, todo) = SPOILED[name]
    edit(*spoil)
    before = prints(package)
    told = [one for one in check(package) if (one.file, one.id, one.rule) == (DIFFERENCES, key, rule)]
    assert len(told) == 1, report(check(package))
    assert message in told[0].message and todo in told[0].todo and told[0].line > 1
    assert prints(package) == before


NOT_JUDGED = {
    "a value kept beside that no table has": (DIFFERENCES, ",,5,the handbook", ",,7,the handbook"),
    "a used value that no column has": (DIFFERENCES, "m-2,term_years,3", "m-2,,3"),
    "a used value of nothing that has a row": (DIFFERENCES, "resolutions,m-2,term_years,3", ",,,3"),
    "a third value": (
        DIFFERENCES,
        "m-3-term-1,",
        "m-2-term-3,m-2-term,length of the extension,resolutions,m-2,,4,a page,handbook-m,no,,confirmed,,\nm-3-term-1,",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_JUDGED)
def test_what_fits_is_no_error(package, edit, name):
    edit(*NOT_JUDGED[name])
    assert check(package) == [], report(check(package))


def test_a_word_that_drawn_cannot_hold_is_told_once(package, edit):
    edit(DIFFERENCES, "un-a-hrc-1-1,yes,The text itself.", "un-a-hrc-1-1,maybe,The text itself.")
    assert [problem.rule for problem in check(package)] == ["vocabulary"]


def test_a_row_of_a_key_with_two_columns_is_found(package, edit):
    edit(DIFFERENCES, "meeting,,,,12", "meeting,document_themes,a-hrc-1-1/m-theme,,12")
    [problem] = check(package)
    assert problem.rule == "reference" and "is not a key of the table `document_themes`" in problem.message
    known = (package / "record/document_themes.csv").read_text().splitlines()[1].split(",")
    edit(DIFFERENCES, "a-hrc-1-1/m-theme", "/".join(known[:2]))
    assert check(package) == []
