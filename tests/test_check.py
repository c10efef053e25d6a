"""What `make check` tells of bad input: for each row of spoilt.csv one problem: file, line, key, rule and words."""

import csv
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compendium.check import Problem, check, report
from conftest import prints

SPOILT = list(csv.DictReader((Path(__file__).parent / "spoilt.csv").open(encoding="utf-8", newline="")))
DOCUMENTS, TERMS, CHALLENGES = "record/documents.csv", "record/terms.csv", "coding/challenges.csv"
PASSAGES = "coding/passages.csv"


@pytest.mark.parametrize("case", SPOILT, ids=lambda case: case["what"])
def test_what_is_spoilt_is_told(package, edit, case):
    edit(case["file"], *(case[part].replace("\\n", "\n") for part in ("old", "new")))
    before = prints(package)
    found = check(package)
    told = [
        one
        for one in [*found, *found.warnings]
        if (one.file, one.line, one.id, one.rule)
        == (case["told_in"], int(case["line"]), case["key"], case["rule"])
    ]
    assert len(told) == 1, report(found)
    assert case["words"] in told[0].message and told[0].todo
    assert prints(package) == before


def test_a_sound_package_has_no_problems(package):
    before = prints(package)
    assert report(check(package)) == "No problems: 23 tables, 139 rows."
    assert check(package) == [] and prints(package) == before


def test_all_problems_are_told_at_once_in_order_of_file_and_line(package, edit):
    for file in (DOCUMENTS, TERMS, CHALLENGES):
        case = next(one for one in SPOILT if one["file"] == file)
        edit(file, case["old"], case["new"])
    problems = check(package)
    assert {one.file for one in problems} >= {DOCUMENTS, TERMS, CHALLENGES}
    assert list(problems) == sorted(problems, key=lambda one: (one.file, one.line))
    *lines, last = report(problems).splitlines()
    assert len(lines) == len(problems)
    assert last == f"{len(problems)} problems in 3 files. Nothing was changed."


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
    problem = next(iter(check(package)))
    assert (problem.file, problem.line, problem.rule) == ("record/themes.csv", 1, "column")
    assert problem.message == "the column `label` is missing" and problem.todo.startswith("add it")


def test_lines_are_those_of_the_file_after_a_cell_with_line_breaks(package, edit):
    edit(DOCUMENTS, "Annual report", '"Annual\n\nreport"')
    edit(DOCUMENTS, "2011-03-01", "01/03/2011")
    assert [(p.line, p.id, p.rule) for p in check(package)] == [
        (3, "a-hrc-2-2", "line-break"),
        (7, "a-hrc-4-4", "date"),
    ]


def test_terms_of_which_sources_disagree_are_no_fault(package, edit):
    edit(TERMS, "1,took_office,1998,", "1,took_office,2002,")  # another source; after the leaving of 2001-07
    assert check(package) == []


def test_a_missing_file_is_told_but_not_every_reference_to_it(package):
    (package / "record" / "holders.csv").unlink()
    problem = next(iter(check(package)))
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
    problem = next(iter(check(package)))
    assert (problem.file, problem.rule) == ("record/Copy of terms.CSV", "file")
    assert "does not describe this file" in problem.message and "move it out" in problem.todo


def test_a_folder_in_place_of_a_file_is_told(package):
    for name in ("record/themes.csv", "datapackage.json"):
        (package / name).unlink()
        (package / name).mkdir()
        [problem] = [p for p in check(package) if p.file == name]
        assert problem.todo and problem.rule in ("file", "package")


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
        (b"[]", 1, "ill-formed"),
        (b'{"resources": []}', 1, "ill-formed"),
    ],
)
def test_a_description_that_cannot_be_read_is_told(package, content, line, message):
    (package / "datapackage.json").unlink()
    if content is not None:
        (package / "datapackage.json").write_bytes(content)
    problem = next(iter(check(package)))
    assert (problem.file, problem.line, problem.rule) == ("datapackage.json", line, "package")
    assert message in problem.message and problem.todo


def test_a_folder_that_is_not_there_is_told(tmp_path):
    [problem] = check(tmp_path / "nowhere")
    assert "there is no folder" in problem.message and "nowhere" in problem.message


def test_a_description_with_a_mark_before_it_is_told_and_read(package):
    path = package / "datapackage.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    problem = next(iter(check(package)))
    assert (problem.file, problem.line, problem.rule) == ("datapackage.json", 1, "encoding")


def table(descriptor, name):
    """Description of a table."""
    return next(one for one in descriptor["resources"] if one["name"] == name)


def column(descriptor, name, of="themes"):
    """Description of a column."""
    return next(one for one in table(descriptor, of)["schema"]["fields"] if one["name"] == name)


X = {"description": "x"}
DESCRIBED_BADLY = {
    "no description": (lambda d: table(d, "themes").pop("description"), "`description` is missing"),
    "column undescribed": (lambda d: column(d, "label").pop("description"), "`label`: `description` is missing"),
    "no path": (lambda d: table(d, "themes").pop("path"), "`path` is missing"),
    "several paths": (lambda d: table(d, "themes").update(path=["a.csv", "b.csv"]), "`path` is ill-formed"),
    "path with a zero byte": (lambda d: table(d, "themes").update(path="a\0b"), "`a\\x00b` leaves the folder"),
    "absolute path": (lambda d: table(d, "themes").update(path="/etc/passwd"), "`/etc/passwd` leaves the folder"),
    "path of Windows": (lambda d: table(d, "themes").update(path="..\\x.csv"), "`..\\x.csv` leaves the folder"),
    "schema by reference": (lambda d: table(d, "themes").update(schema="schema.json"), "`schema` is ill-formed"),
    "column by reference": (lambda d: table(d, "themes")["schema"].update(fields=["x"]), "`fields` is ill-formed"),
    "column twice": (lambda d: table(d, "themes")["schema"]["fields"].append({"name": "label"} | X), "same name"),
    "no key": (lambda d: table(d, "themes")["schema"].pop("primaryKey"), "`primaryKey` is missing"),
    "key of an unknown column": (lambda d: table(d, "themes")["schema"].update(primaryKey="x"), "names a column `x`"),
    "key without fields": (lambda d: table(d, "themes")["schema"].update(foreignKeys=[{}]), "`fields` is missing"),
    "foreign key to no column": (
        lambda d: table(d, "terms")["schema"]["foreignKeys"][0]["reference"].update(fields=["x"]),
        "it refers to a column `x` of `holders`, which has none",
    ),
    "unknown type": (lambda d: column(d, "label").update(type="text"), "column `label`: "),
    "type of a wrong form": (lambda d: column(d, "label").update(type=["string"]), "column `label`: "),
    "required of a wrong form": (lambda d: column(d, "label")["constraints"].update(required="x"), "cannot be checked"),
    "broken pattern": (lambda d: column(d, "label").update(constraints={"pattern": "("}), "cannot be checked as"),
    "limit of a wrong type": (lambda d: column(d, "ordinal").update(constraints={"minimum": "x"}), "cannot be checked"),
    "reference of a wrong form": (lambda d: column(d, "label").update(reference="sources"), "column `label`: "),
    "empty delimiter": (lambda d: column(d, "label").update(delimiter=""), "column `label`: "),
    "asOf that is no date": (lambda d: table(d, "themes").update(asOf="label"), "`asOf` does not name"),
    "asOfThrough of a wrong form": (lambda d: table(d, "holders").update(asOfThrough="terms"), "is ill-formed"),
    "asOfThrough beside a key of two columns": (
        lambda d: table(d, "vocabularies").update(asOfThrough={"resource": "holders", "field": "holder_id"}),
        "need a key of one column",
    ),
    "no day": (lambda d: d.pop("created"), "`created` is missing"),
    "a day that does not exist": (lambda d: d.update(created="2026-02-30"), "`created` is no date"),
    "a day without its lines": (lambda d: d.update(created="20261123"), "`created` is no date"),
    "a day that is a number": (lambda d: d.update(created=20261123), "`created` is ill-formed"),
    "a day of a week": (lambda d: d.update(created="2026-W01-1"), "`created` is no date"),
    "a day long ago": (lambda d: d.update(created="1700-01-01"), "`created` is no date"),
    "a mandate that is a text": (lambda d: d.update(mandate="Mandate M"), "`mandate` is ill-formed"),
    "a landmark alone": (lambda d: d.update(mandate={"landmarks": [["a"]]}), "`landmarks` is ill-formed"),
    "a treaty that is a list": (lambda d: d.update(mandate={"treaty": ["T"]}), "`treaty` is ill-formed"),
    "bodies without their part": (lambda d: d.update(mandate={"index": ["b"]}), "`index` is ill-formed"),
    "bodies of an unknown part": (lambda d: d.update(mandate={"index": {"us": "b"}}), "`index` is ill-formed"),
    "a committee that is a text": (lambda d: d.update(mandate={"index": {"committee": "b"}}), "ill-formed"),
    "a treaty of no vocabulary": (lambda d: d.update(mandate={"treaty": "TM"}), "`treaty` has no value `TM`"),
    "a body of no vocabulary": (lambda d: d.update(mandate={"index": {"others": ["b"]}}), "no value `b`"),
    "a name twice": (lambda d: table(d, "themes").update(name="terms"), "another table has the same name"),
    "no name": (lambda d: table(d, "themes").pop("name"), "`name` is missing"),
    "a table that is none": (lambda d: d["resources"].append("x"), "is ill-formed"),
}  # fmt: skip


@pytest.mark.parametrize("name", DESCRIBED_BADLY)
def test_a_table_that_is_described_badly_is_told_by_name(package, describe, name):
    spoil, message = DESCRIBED_BADLY[name]
    describe(spoil)
    before = prints(package)
    told = [p for p in check(package) if p.file == "datapackage.json" and message in str(p)]
    assert told, report(check(package))
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
