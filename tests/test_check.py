"""Checking a data package: each kind of bad input is told with file, line, key, rule and what to do.

`spoilt.csv` has a row for each: in a file of Mandate M a text that stands there once, what is put in its place
(`\\u200b` for a character that does not show), and what must be told: line, key, rule, and words of the problem, parted
by ` … `. A row without a rule is a package that is sound.
"""

import csv
import io
import re

import pytest

from compendium.editing.check import Problem, Problems, check, report
from compendium.editing.new import new
from compendium.rules import record, warnings
from compendium.tables import load
from conftest import SCHEMA, TESTS, prints

DOCUMENTS = "record/documents.csv"

# What follows from one of these elsewhere is told as well: what refers to a lost row, an order that is lost.
WITH_CONSEQUENCES = {"key", "order", "package", "format", "column"}


def table() -> list[dict[str, str]]:
    with (TESTS / "spoilt.csv").open(encoding="utf-8", newline="") as file:
        text = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), file.read())
        return list(csv.DictReader(text.splitlines(keepends=True)))


@pytest.mark.parametrize(
    "row", table(), ids=lambda row: f"{row['rule'] or 'sound'}: {row['new'] or row['old']}"
)
def test_what_is_spoilt_is_told_and_nothing_else(package, row):
    path, old, new = package / row["file"], row["old"].encode(), row["new"].encode("utf-8", "surrogateescape")
    assert path.read_bytes().count(old) == 1, f"{row['old']!r} does not stand in {row['file']} once"
    path.write_bytes(path.read_bytes().replace(old, new))
    before = prints(package)
    found = check(package)
    assert prints(package) == before
    told = found or found.warnings
    if not row["rule"]:
        assert not told, report(found)
        return
    place = row["line"], row["key"], row["rule"]
    fitting = [one for one in told if place == (row["line"] and str(one.line), one.id, one.rule)]
    assert len(fitting) == 1, report(found)
    assert [words for words in row["words"].split(" … ") if words not in str(fitting[0])] == [], str(
        fitting[0]
    )
    assert told == fitting or row["rule"] in WITH_CONSEQUENCES, report(found)


def test_a_sound_package_has_no_problems(package):
    before = prints(package)
    found = check(package)
    assert report(found) == "No problems: 23 tables, 142 rows." and not found.warnings
    assert check(package) == [] and prints(package) == before


def test_all_problems_are_told_at_once_in_order_of_file_and_line(package):
    spoilt = [
        row for row in table() if row["rule"] in ("date", "circle", "end-before-start", "terms", "vocabulary")
    ]
    for row in {(row["file"], row["rule"]): row for row in spoilt}.values():
        path = package / row["file"]
        path.write_text(path.read_text().replace(row["old"], row["new"]))
    found = check(package)
    assert {(one.file, one.rule) for one in found} == {(row["file"], row["rule"]) for row in spoilt}
    assert list(found) == sorted(found, key=lambda one: (one.file, one.line))
    *lines, last = report(found).splitlines()
    assert len(lines) == len(found) and last == f"{len(found)} problems in 9 files. Nothing was changed."


def test_of_many_problems_of_one_kind_the_first_are_told_and_the_rest_are_counted():
    many = [Problem("a.csv", line, "", "date", "wrong", "right") for line in range(2, 112)]
    lines = report(Problems([*many, Problem("b.csv", 1, "", "date", "wrong", "right")])).splitlines()
    assert len(lines) == 20 + 1 + 1 + 1
    assert lines[-2] == "a.csv  -  [date]  and 90 more of this kind  -> put these right, then check again"
    assert lines[-1] == "111 problems in 2 files. Nothing was changed."


def test_a_problem_is_one_line_that_a_person_can_read():
    assert (
        str(Problem("a.csv", 5, "k", "date", "no date", "type it"))
        == "a.csv:5  k  [date]  no date  -> type it"
    )
    assert str(Problem("a.csv", 0, "", "file", "it is missing", "bring it")).startswith(
        "a.csv  -  [file]  it is"
    )
    assert (
        str(Problem("a.csv", 1, "\x1b[2J\n\udcf1", "key", "x", "y"))
        == "a.csv:1  \\x1b[2J\\n\\xf1  [key]  x  -> y"
    )


# --- the form of a file ---

SAVED = {
    "UTF-16": (lambda text: text.encode("utf-16"), "encoding", 1, "UTF-16"),
    "a mark": (lambda text: text.encode("utf-8-sig"), "encoding", 1, "invisible mark (BOM)"),
    "two marks": (lambda text: ("\ufeff" + text).encode("utf-8-sig"), "encoding", 1, "invisible mark (BOM)"),
    "Windows letters": (lambda text: text.replace("Annual", "Ännual").encode("cp1252"), "encoding", 3, "Western"),
    "Windows line ends": (lambda text: text.replace("\n", "\r\n").encode(), "format", 1, "CRLF"),
    "old Mac line ends": (lambda text: text.replace("\n", "\r").encode(), "format", 1, "CRLF or CR"),
    "one Windows line end": (lambda text: text.replace("\na-hrc-3-3", "\r\na-hrc-3-3").encode(), "format", 3, "CRLF"),
    "a row in one cell": (lambda text: re.sub("^(a-hrc-2.*)$", r'"\1"', text, flags=re.M).encode(), "format", 3, "one"),
    "semicolons": (lambda text: written(text, delimiter=";"), "format", 1, "separated by semicolons"),
    "tabs": (lambda text: written(text, delimiter="\t"), "format", 1, "separated by tabs"),
}  # fmt: skip


def written(text: str, **how) -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made, lineterminator="\n", **how).writerows(csv.reader(io.StringIO(text)))
    return made.getvalue().encode()


@pytest.mark.parametrize("name", SAVED)
def test_a_table_saved_in_another_way_is_told_and_still_read(package, edit, name):
    save, rule, line, message = SAVED[name]
    edit(DOCUMENTS, "2011-03-01", "01/03/2011")
    (package / DOCUMENTS).write_bytes(save((package / DOCUMENTS).read_text()))
    before = prints(package)
    form, date = check(package)
    assert (form.file, form.rule, form.line) == (DOCUMENTS, rule, line) and message in form.message
    assert form.todo == "save it as CSV: UTF-8, commas between cells, LF line ends; `make format` does it"
    assert (date.line, date.id, date.rule) == (5, "a-hrc-4-4", "date")
    assert prints(package) == before


# Files that are no tables: their content, and the line, the rule and words of what is told.
NO_TABLE = [
    (b"", 1, "column", "the file is empty"),
    (b"\n\n", 1, "column", "the file is empty"),
    (b"PK\x03\x04\x14\x00\x08\xff\xfe\x00", 0, "encoding", "not a text file; perhaps it is a workbook"),
    (b"theme_id,label,,\nx,y,z,\n", 1, "column", "column number 3 has no name"),
    (
        b"theme_id,ordinal,definition\nx-rays,1,First.\nagriculture,2,Second.\n",
        1,
        "column",
        "`label` is missing",
    ),
    (None, 0, "file", "this file is missing"),
    (b"folder", 0, "file", "it cannot be read: Is a directory"),
]


@pytest.mark.parametrize(("content", "line", "rule", "message"), NO_TABLE)
def test_a_file_that_is_no_table_is_told_and_not_every_reference_to_it(package, content, line, rule, message):
    path = package / "record" / "themes.csv"
    path.unlink()
    if content == b"folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    found = check(package)
    assert {one.file for one in found} == {"record/themes.csv"}
    assert [
        one for one in found if (one.line, one.rule) == (line, rule) and message in one.message and one.todo
    ]


def test_lists_that_a_spreadsheet_cut_are_one_problem(package):
    path = package / "record" / "document_themes.csv"
    header, *rows = [line.split(",") for line in path.read_text().splitlines()]
    rows = [[*header, "", "", ""], *([*row[:3], "handbook-m", "assessment-m", "x", *row[3:]] for row in rows)]
    path.write_text("".join(",".join(row) + "\n" for row in rows))
    [problem] = check(package)
    assert (problem.file, problem.line, problem.rule) == ("record/document_themes.csv", 1, "format")
    assert (
        problem.message
        == "cells stand beyond the last column in 3 rows: lists were cut at `;`, or a text at a comma"
    )
    assert "again with the comma as the only separator" in problem.todo


def test_a_long_text_and_quoted_cells_are_as_others(package, edit):
    path = package / "record" / "themes.csv"
    path.write_bytes(written(path.read_text(), quoting=csv.QUOTE_ALL))
    edit("record/themes.csv", "First made-up theme.", "long " * 100_000 + "text")
    csv.field_size_limit(131_072)  # as Python starts
    assert check(package) == []


def test_lines_are_those_of_the_file_after_a_cell_with_line_breaks(package, edit):
    edit(DOCUMENTS, "Annual report", '"Annual\n\nreport"')
    edit(DOCUMENTS, "2011-03-01", "01/03/2011")
    assert [(one.line, one.id) for one in check(package)] == [(3, "a-hrc-2-2"), (7, "a-hrc-4-4")]


def test_a_file_that_is_not_described_is_told_and_a_link_out_of_the_folder_not_followed(package, tmp_path):
    (package / "record" / "Copy of terms.CSV").write_text("a,b\n1,2\n")
    (package / ".hidden").mkdir()
    (package / ".hidden" / "x.csv").write_text("a\n")
    (tmp_path / "outside.csv").write_bytes((package / "record" / "themes.csv").read_bytes())
    (package / "record" / "themes.csv").unlink()
    (package / "record" / "themes.csv").symlink_to(tmp_path / "outside.csv")
    link, copy = check(package)
    assert "`record/themes.csv` leaves the folder of the package" in link.message
    assert (copy.file, copy.rule) == ("record/Copy of terms.CSV", "file") and "move it out" in copy.todo


# --- what is no problem, and what is told once ---


def test_words_on_the_mandate_that_are_not_utf8_are_told_with_their_line(package):
    (package / "notes").mkdir()
    (package / "notes" / "01.md").write_bytes(b"- One.\n- \xdcber.\n")
    (package / "notes" / "02.md").write_bytes(b"\xef\xbb\xbf- Two.\n")
    [told] = check(package)
    assert (told.file, told.line, told.rule) == ("notes/01.md", 2, "encoding") and "UTF-8" in told.todo


def test_references_to_a_table_that_is_not_described_are_tolerated(package, describe):
    describe(lambda d: d.update(resources=[one for one in d["resources"] if one["name"] != "holders"]))
    (package / "record" / "holders.csv").unlink()
    assert check(package) == []


def test_a_package_with_terms_and_no_resolution_yet_is_sound(package):
    for table, kept in (("record/resolutions", 1), ("record/differences", 1), ("coding/citations", 5)):
        path = package / f"{table}.csv"
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:kept]))
    assert report(check(package)).startswith("No problems: 23 tables")


def test_a_fault_of_a_rule_is_an_error_and_no_word_to_the_editor(package, monkeypatch):
    def broken(t):
        raise KeyError("adopted")

    monkeypatch.setattr(record, "terms", broken)
    with pytest.raises(KeyError):
        check(package)


def test_a_package_that_names_bodies_and_kinds_otherwise_is_not_judged_by_our_names(package):
    for old, other in ((",HRC,", ",council,"), (",visit,", ",mission,")):
        for path in package.rglob("*.csv"):
            path.write_text(path.read_text().replace(old, other))
    assert report(check(package)).startswith("No problems")


def test_a_package_with_problems_has_no_warnings_beside(package, edit):
    edit("record/sources.csv", "https://example.org/handbook", "")
    assert check(package).warnings == warnings(load(package)) != []
    edit(DOCUMENTS, "A/HRC/1/1,HRC", "A/HRC/1/1,GA")
    assert check(package) and not check(package).warnings


def test_holders_who_serve_together_are_told_where_one_holds_the_mandate_at_a_time(package, describe, edit):
    describe(lambda d: d["mandate"].update(holders_at_a_time=1))
    assert not check(package).warnings
    edit("record/terms.csv", "1,left_office,2001-07", "1,left_office,2003-07-01")
    [warning] = check(package).warnings
    assert (warning.id, warning.rule) == ("b-took-office", "together")
    assert "`holder-b` holds the mandate beside holder-a from 31 July 2001 to 1 July 2003" in warning.message


def test_an_empty_package_is_sound_and_tables_without_rows_break_no_rule(package, tmp_path):
    new(tmp_path / "empty", SCHEMA.parent, "Another mandate")
    assert report(check(tmp_path / "empty")).startswith("No problems: 37 tables")
    for path in package.rglob("*.csv"):
        whole = path.read_text()
        path.write_text(whole.partition("\n")[0] + "\n")
        assert {one.rule for one in check(package)} <= {"reference", "vocabulary", "claim", "difference"}
        path.write_text(whole)
