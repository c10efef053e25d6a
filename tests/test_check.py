"""Checking a data package: each kind of bad input is told with file, line, id, rule and what to do."""

import csv
import json
import os
import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compendium.check import Problem, check, report
from compendium.cells import Neighbours
from conftest import prints

TERMS, DOCUMENTS = "record/terms.csv", "record/documents.csv"
CHALLENGES, PASSAGES = "coding/challenges.csv", "coding/passages.csv"

# What is spoiled (file, text that stands there once, text put in its place), and the one problem that must be told:
# line, id, rule, a part of the message and a part of what to do.
SPOILED = {
    "date as a person types it": (
        (TERMS, "1998-04-17", "17/04/1998"),
        (TERMS, 5, "a-took-office", "date", "'17/04/1998' is not a date", "type 1998-04-17"),
    ),
    "date that can be read both ways": (
        (TERMS, "1998-04-17", "07/04/1998"),
        (TERMS, 5, "a-took-office", "date", "'07/04/1998' is not a date", "type 1998-04-07 or 1998-07-04"),
    ),
    "date as a spreadsheet saves it": (
        (TERMS, "1998-04-17", "1998-04-17 00:00:00"),
        (TERMS, 5, "a-took-office", "date", "is not a date", "type 1998-04-17"),
    ),
    "date that does not exist": (
        (TERMS, "1998-04-17", "1998-02-30"),
        (TERMS, 5, "a-took-office", "date", "1998-02-30 does not exist", "type it as 1990, 1990-03 or"),
    ),
    "end before start": (
        ("record/events.csv", "2009", "1999"),
        ("record/events.csv", 3, "decade-m", "end-before-start", "end (1999) lies before date (2000)", "correct"),
    ),
    "end before start in the coding": (
        ("coding/chronology.csv", "2008", "1998-12"),
        ("coding/chronology.csv", 3, "ch-practice", "end-before-start", "end (December 1998) lies", "correct"),
    ),
    "horizon that ends before it starts": (
        ("coding/agenda.csv", ",2017,", ",2011,"),
        ("coding/agenda.csv", 2, "ag-targets", "end-before-start", "horizon_end (2011) lies before", "correct"),
    ),
    "term left before it starts": (
        (TERMS, "1,left_office,2004-06-30", "1,left_office,2001-06-30"),
        (TERMS, 8, "b-left-office", "terms", "term 1 is left (30 June 2001) before it starts", "correct the date"),
    ),
    "terms of one holder that overlap": (
        (TERMS, "2,took_office,2004-07-01", "2,took_office,2001-06-30"),
        (TERMS, 6, "a-took-office-2", "terms", "term 2 starts (30 June 2001) before term 1 is over", "number"),
    ),
    "empty required cell": (
        (DOCUMENTS, "Annual report", ""),
        (DOCUMENTS, 3, "a-hrc-2-2", "required", "title: the cell is empty", "type a value, such as"),
    ),
    "missing key": (
        (DOCUMENTS, "a-hrc-2-2,", ","),
        (DOCUMENTS, 3, "", "key", "document_id: the key is empty", "type a key"),
    ),
    "duplicate key": (
        ("record/events.csv", "decade-m", "congress-m"),
        ("record/events.csv", 3, "congress-m", "key", "event_id: line 2 has the same key", "another key"),
    ),
    "duplicate key of two columns": (
        ("record/document_themes.csv", "a-hrc-4-4,agriculture", "a-hrc-1-1,x-rays"),
        ("record/document_themes.csv", 3, "a-hrc-1-1/x-rays", "key", "document_id/theme_id: line 2 has", "another"),
    ),
    "value that must be the only one": (
        (DOCUMENTS, "A/HRC/3/3", "A/HRC/2/2"),
        (DOCUMENTS, 4, "a-hrc-3-3", "unique", "symbol: `A/HRC/2/2` stands in line 3 already", "another value"),
    ),
    "key of a wrong form": (
        ("record/events.csv", "decade-m", "decade_m"),
        ("record/events.csv", 3, "decade_m", "pattern", "event_id: `decade_m` has not the form", "such as `stockh"),
    ),
    "number that is none": (
        (DOCUMENTS, ",2,,2002", ",2.0,,2002"),
        (DOCUMENTS, 3, "a-hrc-2-2", "number", "session: `2.0` is not a whole number", "digits only"),
    ),
    "number with marks that Python would take": (
        (DOCUMENTS, ",2,,2002", ",1_000,,2002"),
        (DOCUMENTS, 3, "a-hrc-2-2", "number", "session: `1_000` is not a whole number", "digits only"),
    ),
    "number out of range": (
        (DOCUMENTS, ",2,,2002", ",0,,2002"),
        (DOCUMENTS, 3, "a-hrc-2-2", "range", "session: `0` is not at least 1", "such as `25`"),
    ),
    "value outside its vocabulary": (
        (DOCUMENTS, "by_term", "by term"),
        (DOCUMENTS, 3, "a-hrc-2-2", "vocabulary", "`by term` is not in the", "did you mean `by_term`? If not,"),
    ),
    "value outside its vocabulary and like no other": (
        (DOCUMENTS, "by_term", "zzz"),
        (DOCUMENTS, 3, "a-hrc-2-2", "vocabulary", "attribution: `zzz` is not", "one of: explicit, by_term, by_session"),
    ),
    "item of a list outside its vocabulary": (
        ("record/resolutions.csv", "extended;renamed", "extended;Renamed"),
        ("record/resolutions.csv", 3, "m-2", "vocabulary", "action: `Renamed` is not", "did you mean `renamed`?"),
    ),
    "reference to what is not there": (
        (DOCUMENTS, "holder-a,by_session", "holder-aa,by_session"),
        (DOCUMENTS, 4, "a-hrc-3-3", "reference", "`holder-aa` is not a `holder_id` of the table `ho", "`holder-a`?"),
    ),
    "reference that is like none": (
        (DOCUMENTS, "holder-a,by_session", "zzz,by_session"),
        (DOCUMENTS, 4, "a-hrc-3-3", "reference", "holder_id: `zzz` is not a", "add it to `holders`"),
    ),
    "source that is not there": (
        (DOCUMENTS, ",assessment-m,", ",asessment-m;un-a-hrc-1-1,"),
        (DOCUMENTS, 3, "a-hrc-2-2", "reference", "source_ids: `asessment-m` is not a `source_id`", "`assessment-m`?"),
    ),
    "reference with a blank": (
        (DOCUMENTS, "holder-a,by_session", "holder-a ,by_session"),
        (DOCUMENTS, 4, "a-hrc-3-3", "blanks", "holder_id: `holder-a ` has blanks", "delete them"),
    ),
    "list with an empty item": (
        (DOCUMENTS, "holder_id;kind", "holder_id;;kind"),
        (DOCUMENTS, 3, "a-hrc-2-2", "list", "has an item with nothing in it", "delete the separator"),
    ),
    "list with an item twice": (
        (DOCUMENTS, "holder_id;kind", "kind;kind"),
        (DOCUMENTS, 3, "a-hrc-2-2", "list", "has the same item twice", "delete one"),
    ),
    "list with blanks": (
        (DOCUMENTS, "holder_id;kind", "holder_id; kind"),
        (DOCUMENTS, 3, "a-hrc-2-2", "blanks", "has blanks around a separator", "delete them"),
    ),
    "unverified field that is no column": (
        (DOCUMENTS, "holder_id;kind", "holder;kind"),
        (DOCUMENTS, 3, "a-hrc-2-2", "unverified", "`holder` is not a column of this table", "`holder_id`?"),
    ),
    "confirmed row without a source": (
        (DOCUMENTS, ",assessment-m,confirmed", ",,confirmed"),
        (DOCUMENTS, 3, "a-hrc-2-2", "source", "the row is `confirmed`, but source_ids is empty", "name the source"),
    ),
    "blank at the end of a value": (
        (DOCUMENTS, "Annual report", "Annual report "),
        (DOCUMENTS, 3, "a-hrc-2-2", "blanks", "title: `Annual report ` has blanks before or after", "delete them"),
    ),
    "hard blank at the beginning of a value": (
        (DOCUMENTS, "Annual report", "\u00a0Annual report"),
        (DOCUMENTS, 3, "a-hrc-2-2", "blanks", "title: `\\xa0Annual report` has blanks", "delete them"),
    ),
    "nothing but a blank": (
        (DOCUMENTS, "symbol not established", " "),
        (DOCUMENTS, 6, "study-2012", "blanks", "note: ` ` has blanks", "delete them"),
    ),
    "control character": (
        (DOCUMENTS, "Annual report", "Annual\x1b[31m report"),
        (DOCUMENTS, 3, "a-hrc-2-2", "control", "`Annual\\x1b[31m report` has a character", "anew"),
    ),
    "zero byte": (
        (DOCUMENTS, "Annual report", "Annual\0report"),
        (DOCUMENTS, 3, "a-hrc-2-2", "control", "`Annual\\x00report` has a character", "anew"),
    ),
    "soft hyphen": (
        (DOCUMENTS, "Annual report", "An\u00adnual report"),
        (DOCUMENTS, 3, "a-hrc-2-2", "control", "`An\\xadnual report` has a character", "anew"),
    ),
    "line break inside a cell": (
        (DOCUMENTS, "Annual report", '"Annual\nreport"'),
        (DOCUMENTS, 3, "a-hrc-2-2", "line-break", "title: `Annual\\nreport` has a line break", "on one line"),
    ),
    "too many cells": (
        (DOCUMENTS, "Annual report", "Annual report, first part"),
        (DOCUMENTS, 3, "a-hrc-2-2", "ragged", "the row has 15 cells, the header 14 columns", "put quotation marks"),
    ),
    "too few cells": (
        (DOCUMENTS, "Annual report,", ""),
        (DOCUMENTS, 3, "a-hrc-2-2", "ragged", "the row has 13 cells, the header 14 columns", "add a comma"),
    ),
    "blank row": (
        (DOCUMENTS, "a-hrc-3-3,", "\na-hrc-3-3,"),
        (DOCUMENTS, 4, "", "blank-row", "the row is blank", "delete the line"),
    ),
    "row of commas": (
        (DOCUMENTS, "a-hrc-3-3,", ",,,,,,,,,,,,,\na-hrc-3-3,"),
        (DOCUMENTS, 4, "", "blank-row", "the row is blank", "delete the line"),
    ),
    "quotation marks that do not match": (
        ("record/document_themes.csv", "a-hrc-4-4,x-rays", '"a-hrc-4-4,x-rays'),
        ("record/document_themes.csv", 4, "", "format", "its quotation marks do not match", "one pair"),
    ),
    "unsorted table": (
        ("record/events.csv", "treaty-m,", "big-treaty-m,"),
        ("record/events.csv", 4, "big-treaty-m", "order", "it belongs before line 2", "sort the table by event_id"),
    ),
    "table with an order of its own, unsorted": (
        ("coding/methods.csv", "visits,1,", "visits,3,"),
        ("coding/methods.csv", 3, "communications", "order", "belongs before line 2", "sort the table by ordinal"),
    ),
    "numbers sort as numbers": (
        (PASSAGES, "opening-p1,opening,1,", "opening-p1,opening,10,"),
        (PASSAGES, 3, "opening-p2", "order", "belongs before line 2", "sort the table by position"),
    ),
    "vocabularies sort by vocabulary and order": (
        ("vocabularies.csv", "strength,cited,1,", "strength,cited,5,"),
        ("vocabularies.csv", 53, "strength/illustrated", "order", "belongs before line 52", "vocabulary, then ordinal"),
    ),
    "row that is its own parent": (
        (CHALLENGES, "law,,2", "law,law,2"),
        (CHALLENGES, 3, "law", "circle", "parent_id: `law` points at itself", "empty parent_id"),
    ),
    "circle of parents": (
        (CHALLENGES, "law,,2", "law,law-online-evidence,2"),
        (CHALLENGES, 3, "law", "circle", "runs in a circle: law > law-online-evidence > law-online > law", "empty"),
    ),
    "passage called in itself": (
        (PASSAGES, "fn01,opening,4,footnote,opening-p2", "fn01,opening,4,footnote,fn01"),
        (PASSAGES, 5, "fn01", "circle", "called_in: `fn01` points at itself", "elsewhere"),
    ),
    "footnote that rests on itself": (
        ("coding/citations.csv", "opening-p2,fn01", "fn01,fn01"),
        ("coding/citations.csv", 4, "c-opening-p2-1", "circle", "`fn01` is the row's own passage", "leave footnote"),
    ),
    "undescribed column": (
        ("record/themes.csv", "ordinal,label", "ordinal,Label"),
        ("record/themes.csv", 1, "", "column", "the column `Label` is not described", "rename it to `label`"),
    ),
    "column twice": (
        ("record/countries.csv", "unverified_fields,note", "unverified_fields,note,note"),
        ("record/countries.csv", 1, "", "column", "the column `note` stands there twice", "delete one"),
    ),
    "columns in another order": (
        ("record/countries.csv", "unverified_fields,note", "note,unverified_fields"),
        ("record/countries.csv", 1, "", "column", "in another order", "the order is country, name, regional_group"),
    ),
    "no header": (
        ("record/themes.csv", "theme_id,ordinal,label,definition\n", ""),
        ("record/themes.csv", 1, "", "column", "the first line is not the header row", "the line theme_id,ordinal"),
    ),
    "description with a way out of the folder": (
        ("datapackage.json", '"record/themes.csv"', '"../themes.csv"'),
        ("datapackage.json", None, "", "package", "`../themes.csv` leaves the folder", "into the folder"),
    ),
    "description with an address": (
        ("datapackage.json", '"record/themes.csv"', '"https://example.org/themes.csv"'),
        ("datapackage.json", None, "", "package", "`https://example.org/themes.csv` is an address", "folder"),
    ),
}  # fmt: skip


# Where one fault has consequences elsewhere (rows that refer to it, an order that is lost), these are told as well.
CONSEQUENCES = {
    "value that must be the only one",
    "missing key",
    "duplicate key",
    "unsorted table",
    "column twice",
    "quotation marks that do not match",
    "description with a way out of the folder",
    "description with an address",
}


@pytest.mark.parametrize("name", SPOILED)
def test_bad_input_is_told(package, edit, name):
    spoil, (file, line, key, rule, message, todo) = SPOILED[name]
    edit(*spoil)
    before = prints(package)
    problems = check(package)
    told = [p for p in problems if (p.file, p.id, p.rule) == (file, key, rule) and line in (p.line, None)]
    assert len(told) == 1, report(problems)
    assert message in told[0].message and todo in told[0].todo, told[0]
    here = [p for p in problems if (p.file, p.line) == (file, told[0].line)]
    assert len(here if name in CONSEQUENCES else problems) == 1, report(problems)
    assert prints(package) == before


def test_a_sound_package_has_no_problems(package):
    before = prints(package)
    assert report(check(package)) == "No problems: 23 tables, 139 rows."
    assert check(package) == [] and prints(package) == before


def test_all_problems_are_told_at_once_in_order_of_file_and_line(package, edit):
    # Faults of the same rows would hide each other, and what refers to a lost key is a fault of its own.
    together = [
        name for name in SPOILED if name.startswith(("end ", "term ", "reference", "item", "list with an e"))
    ]
    together += [
        "duplicate key",
        "confirmed row without a source",
        "columns in another order",
        "circle of parents",
    ]
    for name in together:
        spoil, _ = SPOILED[name]
        if spoil[1] in (package / spoil[0]).read_text():
            edit(*spoil)
    problems = check(package)
    assert {(p.file, p.rule) for p in problems} >= {
        ("coding/challenges.csv", "circle"),
        ("coding/chronology.csv", "end-before-start"),
        ("record/countries.csv", "column"),
        ("record/documents.csv", "reference"),
        ("record/documents.csv", "list"),
        ("record/documents.csv", "source"),
        ("record/events.csv", "key"),
        ("record/events.csv", "end-before-start"),
        ("record/resolutions.csv", "vocabulary"),
        ("record/terms.csv", "terms"),
    }
    assert list(problems) == sorted(problems, key=lambda p: (p.file, p.line))
    lines = report(problems).splitlines()
    assert (
        lines[-1]
        == f"{len(problems)} problems in {len({p.file for p in problems})} files. Nothing was changed."
    )
    assert len(lines) == len(problems) + 1


def test_a_problem_is_one_line_that_a_person_can_read():
    problem = Problem(
        "record/terms.csv", 5, "a-1", "date", "date: 1990-02-30 does not exist", "type it again"
    )
    assert (
        str(problem) == "record/terms.csv:5  a-1  [date]  date: 1990-02-30 does not exist  -> type it again"
    )
    assert str(Problem("a.csv", 0, "", "file", "it is missing", "bring it")).startswith(
        "a.csv  -  [file]  it is"
    )
    assert str(Problem("a.csv", 1, "\x1b[2J\n", "key", "x", "y")) == "a.csv:1  \\x1b[2J\\n  [key]  x  -> y"


# Ways in which a program may have saved a table; the content stays, so that every other fault in it is told as well.
SAVED = {
    "UTF-16": (lambda text: text.encode("utf-16"), "encoding", 1, "UTF-16"),
    "UTF-16 without a mark": (lambda text: text.encode("utf-16-le"), "encoding", 1, "UTF-16"),
    "UTF-16, the other way round": (lambda text: text.encode("utf-16-be"), "encoding", 1, "UTF-16"),
    "BOM": (lambda text: text.encode("utf-8-sig"), "encoding", 1, "invisible mark (BOM)"),
    "Windows letters": (lambda text: text.replace("Annual", "\u00c4nnual").encode("cp1252"), "encoding", 3, "not enc"),
    "Windows line ends": (lambda text: text.replace("\n", "\r\n").encode(), "format", 1, "CRLF"),
    "old Mac line ends": (lambda text: text.replace("\n", "\r").encode(), "format", 1, "CRLF or CR"),
    "one Windows line end": (lambda text: text.replace("\na-hrc-3-3", "\r\na-hrc-3-3").encode(), "format", 3, "CRLF"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAVED)
def test_a_table_saved_in_another_way_is_told_and_still_read(package, edit, name):
    save, rule, line, message = SAVED[name]
    edit(DOCUMENTS, "2011-03-01", "01/03/2011")
    text = (package / DOCUMENTS).read_text()
    (package / DOCUMENTS).write_bytes(save(text))
    before = prints(package)
    form, date = check(package)
    assert (form.file, form.rule, form.line) == (DOCUMENTS, rule, line)
    assert message in form.message and form.todo.startswith(
        "save it as CSV: UTF-8, commas between cells, LF line ends"
    )
    assert (date.line, date.id, date.rule) == (5, "a-hrc-4-4", "date")
    assert prints(package) == before


@pytest.mark.parametrize(
    ("content", "line", "rule", "message"),
    [
        (b"", 1, "column", "the file is empty"),
        (b"\n\n", 1, "column", "the file is empty"),
        (b"PK\x03\x04\x14\x00\x08\xff\xfe\x00", 0, "encoding", "not a text file; perhaps it is a workbook"),
    ],
)
def test_a_file_that_is_no_table_is_told(package, content, line, rule, message):
    (package / "record" / "themes.csv").write_bytes(content)
    told = [p for p in check(package) if (p.file, p.line, p.rule) == ("record/themes.csv", line, rule)]
    assert len(told) == 1 and message in told[0].message and told[0].todo


@pytest.mark.parametrize(("separator", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_separator_is_told_and_the_table_still_read(package, separator, word):
    path = package / "record" / "events.csv"
    rows = [line.split(",") for line in path.read_text().replace("2009", "1999").splitlines()]
    path.write_text("".join(separator.join(row) + "\n" for row in rows))
    form, end = check(package)
    assert (form.file, form.line, form.rule) == ("record/events.csv", 1, "format")
    assert f"separated by {word}" in form.message and "commas between cells" in form.todo
    assert (end.line, end.id, end.rule) == (3, "decade-m", "end-before-start")


def test_a_table_with_every_cell_quoted_is_the_same_table(package):
    path = package / DOCUMENTS
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    assert check(package) == []


def test_a_long_text_is_a_text(package, edit):
    csv.field_size_limit(131_072)  # as Python starts
    edit("record/themes.csv", "First made-up theme.", "long " * 100_000 + "text")
    assert check(package) == []


def test_empty_columns_at_the_end_are_told_once(package):
    path = package / "record" / "events.csv"
    path.write_text("".join(f"{line},,\n" for line in path.read_text().splitlines()))
    problems = check(package)
    assert [(p.line, p.rule, p.todo) for p in problems] == [(1, "column", "delete it; it is empty")] * 2
    assert [p.message for p in problems] == ["column number 12 has no name", "column number 13 has no name"]


def test_a_row_that_is_blank_but_for_a_column_that_is_not_described_is_told_as_blank(package):
    path = package / "record" / "themes.csv"
    path.write_text(
        path.read_text().replace("\n", ",\n").replace("definition,", "definition,more") + ",,,,x\n"
    )
    assert [(p.line, p.rule) for p in check(package)] == [(1, "column"), (4, "blank-row")]


def test_a_missing_column_is_told_once_and_not_in_every_row(package):
    path = package / "record" / "themes.csv"
    path.write_text("theme_id,ordinal,definition\nx-rays,1,First.\nagriculture,2,Second.\n")
    [problem] = check(package)
    assert (problem.file, problem.line, problem.rule) == ("record/themes.csv", 1, "column")
    assert problem.message == "the column `label` is missing" and problem.todo.startswith("add it")


def test_lines_are_those_of_the_file_after_a_cell_with_line_breaks(package, edit):
    edit(DOCUMENTS, "Annual report", '"Annual\n\nreport"')
    edit(DOCUMENTS, "2011-03-01", "01/03/2011")
    assert [(p.line, p.id, p.rule) for p in check(package)] == [
        (3, "a-hrc-2-2", "line-break"),
        (7, "a-hrc-4-4", "date"),
    ]


def test_a_key_that_is_no_number_is_not_compared_with_others(package, edit, describe):
    describe(lambda d: table(d, "themes")["schema"].update(primaryKey="ordinal"))
    edit("record/themes.csv", "agriculture,2,", "agriculture,01,")
    [problem] = [p for p in check(package) if p.file == "record/themes.csv"]
    assert (problem.line, problem.id, problem.rule) == (3, "01", "number")


def test_terms_of_which_sources_disagree_are_no_fault(package, edit):
    edit(TERMS, "1,took_office,1998,", "1,took_office,2002,")  # another source; after the leaving of 2001-07
    assert check(package) == []


def test_a_later_term_before_the_start_of_an_earlier_one_without_end_is_told(package, edit):
    edit(TERMS, "a-left-office,holder-a,1,left_office", "a-left-office,holder-a,3,left_office")
    edit(TERMS, "2,took_office,2004-07-01", "2,took_office,1997")
    [start] = [p for p in check(package) if p.id == "a-took-office-2"]
    assert "term 2 starts (1997) before term 1 is over" in start.message


def test_the_term_that_was_not_over_is_named(package, edit):
    edit(TERMS, "holder-a,1,took_office,1998,", "holder-a,3,took_office,1998,")
    [problem] = check(package)
    assert problem.message == "term 3 starts (1998) before term 2 is over"


def test_a_missing_file_is_told_but_not_every_reference_to_it(package):
    (package / "record" / "holders.csv").unlink()
    [problem] = check(package)
    assert (problem.file, problem.line, problem.rule) == ("record/holders.csv", 0, "file")
    assert problem.message == "this file is missing" and "put the file back" in problem.todo


def test_references_to_a_table_that_is_not_described_are_tolerated(package, describe):
    def without_holders(descriptor):
        descriptor["resources"] = [table for table in descriptor["resources"] if table["name"] != "holders"]

    describe(without_holders)
    (package / "record" / "holders.csv").unlink()
    assert check(package) == []


def test_a_file_that_is_not_described_is_told(package):
    (package / "record" / "Copy of terms.CSV").write_text("a,b\n1,2\n")
    (package / ".hidden").mkdir()
    (package / ".hidden" / "x.csv").write_text("a\n")
    [problem] = check(package)
    assert (problem.file, problem.rule) == ("record/Copy of terms.CSV", "file")
    assert "does not describe this file" in problem.message and "move it out" in problem.todo


def test_a_folder_in_place_of_a_file_is_told(package):
    for name in ("record/themes.csv", "datapackage.json"):
        (package / name).unlink()
        (package / name).mkdir()
        [problem] = [p for p in check(package) if p.file == name]
        assert problem.todo and problem.rule in ("file", "package")


def test_a_pipe_in_place_of_a_file_does_not_keep_us_waiting(package):
    for name in ("record/themes.csv", "datapackage.json"):
        (package / name).unlink()
        os.mkfifo(package / name)
        [problem] = [p for p in check(package) if p.file == name]
        assert "not an ordinary file" in problem.message


def test_a_link_out_of_the_folder_is_not_followed(package, tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_text("theme_id,ordinal,label,definition\n")
    (package / "record" / "themes.csv").unlink()
    (package / "record" / "themes.csv").symlink_to(outside)
    [problem] = [p for p in check(package) if p.rule == "package"]
    assert "`record/themes.csv` leaves the folder of the package" in problem.message


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (None, 0, "this file is missing"),
        (b"", 1, "it is not JSON"),
        (b'{\n"name": "m",\n}', 3, "it is not JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", 1, "it is not UTF-8 text"),
        (b"[" * 100_000, 1, "it is not the description"),
        (b"1" * 10_000, 1, "it is not the description"),
        (b"[]", 1, "it describes no tables"),
        (b'{"resources": []}', 1, "it describes no tables"),
    ],
)
def test_a_description_that_cannot_be_read_is_told(package, content, line, message):
    (package / "datapackage.json").unlink()
    if content is not None:
        (package / "datapackage.json").write_bytes(content)
    [problem] = check(package)
    assert (problem.file, problem.line, problem.rule) == ("datapackage.json", line, "package")
    assert message in problem.message and problem.todo


def test_a_folder_that_is_not_there_is_told(tmp_path):
    [problem] = check(tmp_path / "nowhere")
    assert "there is no folder" in problem.message and "nowhere" in problem.message


def test_a_description_with_a_mark_before_it_is_told_and_read(package):
    path = package / "datapackage.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    [problem] = check(package)
    assert (problem.file, problem.line, problem.rule) == ("datapackage.json", 1, "encoding")


def table(descriptor, name):
    """Description of a table."""
    return next(one for one in descriptor["resources"] if one["name"] == name)


def column(descriptor, name, of="themes"):
    """Description of a column."""
    return next(one for one in table(descriptor, of)["schema"]["fields"] if one["name"] == name)


DESCRIBED_BADLY = {
    "no description": (lambda d: table(d, "themes").pop("description"), "it has no description"),
    "column without a description": (lambda d: column(d, "label").pop("description"), "`label` has no description"),
    "no path": (lambda d: table(d, "themes").pop("path"), "it has no file"),
    "several paths": (lambda d: table(d, "themes").update(path=["a.csv", "b.csv"]), "it has no file"),
    "path with a zero byte": (lambda d: table(d, "themes").update(path="a\0b"), "`a\\x00b` leaves the folder"),
    "absolute path": (lambda d: table(d, "themes").update(path="/etc/passwd"), "`/etc/passwd` leaves the folder"),
    "path of Windows": (lambda d: table(d, "themes").update(path="..\\x.csv"), "`..\\x.csv` leaves the folder"),
    "schema by reference": (lambda d: table(d, "themes").update(schema="schema.json"), "its columns are not"),
    "column by reference": (lambda d: table(d, "themes")["schema"].update(fields=["x"]), "a column has no name"),
    "column twice": (lambda d: table(d, "themes")["schema"]["fields"].append({"name": "label"}), "have the same name"),
    "no key": (lambda d: table(d, "themes")["schema"].pop("primaryKey"), "it has no key"),
    "key of an unknown column": (lambda d: table(d, "themes")["schema"].update(primaryKey="x"), "names the column `x`"),
    "foreign key without fields": (lambda d: table(d, "themes")["schema"].update(foreignKeys=[{}]), "is ill-formed"),
    "foreign key to no column": (
        lambda d: table(d, "terms")["schema"]["foreignKeys"][0]["reference"].update(fields=["x"]),
        "it refers to a column `x` of `holders`, which has none",
    ),
    "unknown type": (lambda d: column(d, "label").update(type="text"), "`label` has an unknown type"),
    "type of a wrong form": (lambda d: column(d, "label").update(type=["string"]), "`label` has an unknown type"),
    "required of a wrong form": (lambda d: column(d, "label")["constraints"].update(required="x"), "cannot be checked"),
    "broken pattern": (lambda d: column(d, "label").update(constraints={"pattern": "("}), "cannot be checked as"),
    "limit of a wrong type": (lambda d: column(d, "ordinal").update(constraints={"minimum": "x"}), "cannot be checked"),
    "reference of a wrong form": (lambda d: column(d, "label").update(reference="sources"), "an ill-formed"),
    "empty delimiter": (lambda d: column(d, "label").update(delimiter=""), "an ill-formed"),
    "asOf that is no date": (lambda d: table(d, "themes").update(asOf="label"), "`asOf` does not name"),
    "asOfThrough of a wrong form": (lambda d: table(d, "holders").update(asOfThrough="terms"), "is ill-formed"),
    "asOfThrough beside a key of two columns": (
        lambda d: table(d, "vocabularies").update(asOfThrough={"resource": "holders", "field": "holder_id"}),
        "`asOfThrough` needs a key of one column",
    ),
    "no day": (lambda d: d.pop("created"), "`created` is missing or no date"),
    "a day that does not exist": (lambda d: d.update(created="2026-02-30"), "`created` is missing or no date"),
    "a day without its lines": (lambda d: d.update(created="20261123"), "`created` is missing or no date"),
    "a day that is a number": (lambda d: d.update(created=20261123), "`created` is missing or no date"),
    "a day of a week": (lambda d: d.update(created="2026-W01-1"), "`created` is missing or no date"),
    "a day long ago": (lambda d: d.update(created="1700-01-01"), "`created` is missing or no date"),
    "a mandate that is a text": (lambda d: d.update(mandate="Mandate M"), "`mandate` or `title` is ill-formed"),
    "notes that are a text": (lambda d: d.update(mandate={"notes": {"01": "x"}}), "`mandate` is ill-formed"),
    "a landmark alone": (lambda d: d.update(mandate={"landmarks": [["a"]]}), "`mandate` is ill-formed"),
    "a treaty that is a list": (lambda d: d.update(mandate={"treaty": ["T"]}), "`mandate` is ill-formed"),
    "bodies without their part": (lambda d: d.update(mandate={"index": ["b"]}), "`mandate` is ill-formed"),
    "bodies of an unknown part": (lambda d: d.update(mandate={"index": {"us": "b"}}), "`mandate` is ill-formed"),
    "a committee that is a text": (lambda d: d.update(mandate={"index": {"committee": "b"}}), "ill-formed"),
    "a treaty of no vocabulary": (lambda d: d.update(mandate={"treaty": "TM"}), "`treaty` has no value `TM`"),
    "a body of no vocabulary": (lambda d: d.update(mandate={"index": {"others": ["b"]}}), "no value `b`"),
    "a name twice": (lambda d: table(d, "themes").update(name="terms"), "another table has the same name"),
    "no name": (lambda d: table(d, "themes").pop("name"), "it has no name"),
    "a table that is none": (lambda d: d["resources"].append("x"), "it is not described"),
}  # fmt: skip


@pytest.mark.parametrize("name", DESCRIBED_BADLY)
def test_a_table_that_is_described_badly_is_told_by_name(package, describe, name):
    spoil, message = DESCRIBED_BADLY[name]
    describe(spoil)
    before = prints(package)
    told = [p for p in check(package) if p.file == "datapackage.json" and message in str(p)]
    assert len(told) == 1, report(check(package))
    assert told[0].line >= 1 and told[0].rule == "package" and told[0].todo
    assert prints(package) == before


def test_no_address_in_a_description_is_fetched(package, describe, monkeypatch):
    def refuse(*_):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    address = "https://example.org/x.json"
    describe(lambda d: d.update({"$schema": address, "profile": address}))
    describe(
        lambda d: table(d, "themes").update({"profile": address, "$schema": address, "dialect": address})
    )
    describe(lambda d: table(d, "themes")["schema"].update({"$schema": address, "missingValues": address}))
    assert check(package) == []


def test_many_wrong_values_do_not_take_long_to_compare():
    neighbours = Neighbours(left=5)
    assert neighbours.hint("confirmd", ["confirmed", "unverified"], "correct it").startswith(
        "did you mean `confirmed`?"
    )
    assert neighbours.hint("CONFIRMED", ["confirmed", "unverified"], "correct it").startswith("did you mean")
    assert neighbours.hint("confirmd", ["confirmed", "unverified"], "correct it") == "correct it"


JUNK = st.one_of(
    st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
)
PLACES = st.sampled_from([DOCUMENTS, TERMS, CHALLENGES, "vocabularies.csv", "datapackage.json"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=PLACES, junk=JUNK, start=st.integers(0, 3000), length=st.integers(0, 200))
def test_whatever_stands_in_a_file_there_is_no_exception_and_no_change(package, file, junk, start, length):
    path = package / file
    whole = path.read_bytes()
    path.write_bytes(whole[:start] + junk + whole[start + length :])
    try:
        before = prints(package)
        for problem in check(package):
            assert problem.file and problem.rule and problem.message and problem.todo
            assert str(problem).isprintable()
        assert prints(package) == before
    finally:
        path.write_bytes(whole)


VALUES = st.sampled_from(
    [None, 0, "", "x", "../x", [], ["x"], {}, {"x": "y"}, [{}], True, "https://example.org/x"]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_in_the_description_there_is_no_exception(package, data):
    path = package / "datapackage.json"
    whole = path.read_text()
    descriptor = json.loads(whole)
    place = data.draw(st.sampled_from(descriptor["resources"]))
    while data.draw(st.booleans()):  # walk down into the description
        values = place.values() if isinstance(place, dict) else place
        inner = [value for value in values if value and isinstance(value, dict | list)]
        if not inner:
            break
        place = data.draw(st.sampled_from(inner))
    key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
    place[key] = data.draw(VALUES)
    path.write_text(json.dumps(descriptor))
    try:
        for problem in check(package):
            assert problem.file and problem.rule and problem.message and problem.todo
    finally:
        path.write_text(whole)
