"""Formatting: what a program did to a table is undone and said; what can mean two things stays, and is named."""

import csv
import io
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import compendium.__main__ as command
from compendium.editing import format as formatting
from compendium.editing.check import check
from compendium.editing.format import form
from conftest import prints

DOCUMENTS, TERMS, THEMES = "record/documents.csv", "record/terms.csv", "record/themes.csv"


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def written(rows: list[list[str]], **how) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, **{"lineterminator": "\n"} | how).writerows(rows)
    return text.getvalue()


def with_times(rows):
    return [[cell + " 00:00:00" if len(cell) == 10 and cell[4:8:3] == "--" and not cell.endswith("-01") else cell
             for cell in row] for row in rows]  # fmt: skip


# What programs do to a table that means the same, each with what is said of it.
SAVED = {
    "a mark": (lambda rows: written(rows).encode("utf-8-sig"), "invisible mark (BOM)"),
    "two marks": (lambda rows: b"\xef\xbb\xbf" + written(rows).encode("utf-8-sig"), "invisible mark (BOM)"),
    "a mark read as letters": (lambda rows: ("ï»¿" + written(rows)).encode(), "invisible mark (BOM)"),
    "CRLF": (lambda rows: written(rows, lineterminator="\r\n").encode(), "CRLF"),
    "old Mac": (lambda rows: written(rows, lineterminator="\r").encode(), "CRLF or CR"),
    "UTF-16": (lambda rows: written(rows).encode("utf-16"), "UTF-16"),
    "semicolons": (lambda rows: written(rows, delimiter=";").encode(), "separated by semicolons"),
    "tabs": (lambda rows: written(rows, delimiter="\t").encode(), "separated by tabs"),
    "everything quoted": (lambda rows: written(rows, quoting=csv.QUOTE_ALL).encode(), "quotation marks"),
    "rows in one cell": (lambda rows: written([[line] for line in written(rows).splitlines()]).encode(), "in one cell"),
    "no end of line at the end": (lambda rows: written(rows).rstrip("\n").encode(), "the end of the file"),
    "empty columns": (lambda rows: written([[*row, "", " "] for row in rows]).encode(), "column number 15 is empty"),
    "empty rows": (lambda rows: written([*rows, [""] * len(rows[0]), []]).encode(), "the row is empty: taken out"),
    "rows upside down": (lambda rows: written([rows[0], *rows[:0:-1]]).encode(), "rows sorted by"),
    "columns turned round": (lambda rows: written([row[::-1] for row in rows]).encode(), "columns put in order"),
    "blanks": (lambda rows: written([rows[0], *([f" {c}\xa0" for c in row] for row in rows[1:])]).encode(), "made `"),
    "other blanks": (lambda rows: written(rows).replace("two holders", "two\u202fholders").encode(), "two holders"),
    "soft hyphens": (lambda rows: written(rows).replace("established", "estab\u00adlished").encode(), "established"),
    "accents apart": (lambda rows: written(rows).replace("Joint", "Joi\u0301nt").encode(), "made `Joínt"),
    "names in capitals": (lambda rows: written([[c.upper() for c in rows[0]], *rows[1:]]).encode(), "named `"),
    "times": (lambda rows: written(with_times(rows)).encode(), "00:00:00` made `"),
    "short rows": (lambda rows: written([r if r[-1] else r[:-1] for r in rows]).encode(), "by empty ones at the end"),
    "break": (lambda rows: written(rows).replace("Joint study", '"Joint\nstudy"').encode(), "made `Joint study`"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAVED)
def test_what_a_program_did_is_undone_and_told(package, name):
    save, said = SAVED[name]
    path, before = package / DOCUMENTS, prints(package)
    path.write_bytes(save(read(path)))
    assert prints(package) != before
    done = form(package)
    assert (prints(package) == before) == (name != "accents apart") and done.left == []
    assert said in "\n".join(map(str, done.changes)) and {change.file for change in done.changes} == {
        DOCUMENTS
    }
    assert form(package).changes == [] and check(package) == []


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Änderung – “M”", "cp1252"),
        ("Łódź", "cp1250"),
        ("Rapport général à Genève", "cp850"),
        ("Zürich", "cp1254"),
    ],
)
def test_letters_that_can_only_be_one_text_are_read_and_shown(package, edit, text, encoding):
    edit(DOCUMENTS, "Annual report", text)
    edit(DOCUMENTS, "Joint study", "Étude à São Tomé")
    path, before = package / DOCUMENTS, prints(package)
    # The rest stays UTF-8, as a text that comes by copy and paste leaves it.
    path.write_bytes(path.read_bytes().replace(text.encode(), text.encode(encoding)))
    done = form(package)
    assert prints(package) == before and not done.left
    assert f"{DOCUMENTS}:3  -  read as `{text}`" in map(str, done.changes)


@pytest.mark.parametrize(
    ("text", "encoding", "others"),
    [
        ("Доклад о торговле", "cp1251", "Äîêëàä î òîðãîâëå"),
        ("Gdańsk", "cp1250", "Gdañsk"),
        ("Ağa", "cp1254", "Aða"),
        ("Conférence de Genève", "cp1252", "Conférence de Genčve"),
    ],
)
def test_letters_that_can_be_two_texts_stay_the_bytes_that_they_are(package, edit, text, encoding, others):
    edit(DOCUMENTS, "Annual report", text)
    path = package / DOCUMENTS
    path.write_bytes(path.read_bytes().replace(text.encode(), text.encode(encoding)).replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    done = form(package)
    assert path.read_bytes() == before.replace(b"\r\n", b"\n")  # the rest of the file is formed
    [left] = done.left
    assert (left.line, left.id, left.rule) == (3, "a-hrc-2-2", "encoding")
    assert f"`{text}`" in left.message and f"`{others}`" in left.message and left == check(package)[0]


@pytest.mark.parametrize(
    ("was", "made"),
    [
        ("1998-04-17T00:00:00", "1998-04-17"),
        ("17/04/1998", "1998-04-17"),
        ("17.4.1998", "1998-04-17"),
        ("4/17/1998", "1998-04-17"),
        ("17 April 1998", "1998-04-17"),
        ("1998/4/17", "1998-04-17"),
        ("04/1998", "1998-04"),
        ("1998.0", "1998"),
    ],
)
def test_a_date_that_can_only_mean_one_day_is_put_right(package, edit, was, made):
    edit(TERMS, "1998-04-17", was)
    done = form(package)
    assert not done.left and f",{made}," in (package / TERMS).read_text()
    assert list(map(str, done.changes)) == [f"{TERMS}:5  a-took-office  date: `{was}` made `{made}`"]


@pytest.mark.parametrize(
    ("was", "todo"),
    [
        ("07/04/1998", "type 1998-04-07 or 1998-07-04"),
        ("1998-04-01 00:00:00", "type 1998-04-01 or 1998-04"),  # a spreadsheet makes this of April 1998
        ("17-Apr-98", "type 1998-04-17"),
        ("35902", "type 1998-04-17"),
        ("in spring", "type it as 1990, 1990-03 or 1990-03-07"),
    ],
)
def test_a_date_that_can_mean_two_things_is_left_and_told(package, edit, was, todo):
    edit(TERMS, "1998-04-17", was)
    before = prints(package)
    done = form(package)
    assert prints(package) == before and not done.changes
    [left] = done.left
    assert (left.file, left.line, left.id, left.rule, left.todo) == (TERMS, 5, "a-took-office", "date", todo)


CUT = b"document_id,theme_id,source_ids,status,unverified_fields,note,,\na-hrc-1-1,x-rays,one,two,three,confirmed,,n\n"
# Files that cannot be read whole: (file, how it is spoilt, line, words).
LEFT = [
    (DOCUMENTS, lambda raw: raw.replace(b"Annual report", b'"Annual report'), 3, "quotation marks"),
    (DOCUMENTS, lambda raw: raw.replace(b"Annual report", b'"Annual" report'), 3, "quotation marks"),
    (DOCUMENTS, lambda raw: b"PK\x03\x04\x00\xff" + raw, 0, "not a text file"),
    (DOCUMENTS, lambda raw: raw[:-60], 6, "breaks off"),
    (DOCUMENTS, lambda raw: raw.replace(b"Annual report", b"Annual, report"), 3, "15 cells"),
    (DOCUMENTS, lambda raw: raw.replace(b"a-hrc-3-3,", b"a-hrc-2-9\na-hrc-3-3,"), 4, "the row has 1 cell"),
    (DOCUMENTS, lambda raw: raw.replace(b"title,", b"kind,", 1), 1, "stands there twice"),
    (DOCUMENTS, lambda raw: raw.replace(b"title,", b",", 1), 1, "has no name, but it has values"),
    (DOCUMENTS, lambda raw: raw.partition(b"\n")[2], 1, "not the header row"),
    (DOCUMENTS, lambda raw: b"", 1, "the file is empty"),
    ("record/document_themes.csv", lambda raw: CUT, 1, "beyond the last column in 1 row: lists were cut at `;`"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "spoil", "line", "message"), LEFT)
def test_a_file_that_cannot_be_read_whole_is_left_as_it_is(package, file, spoil, line, message):
    path = package / file
    path.write_bytes(spoil(path.read_bytes()))
    (package / TERMS).write_bytes((package / TERMS).read_bytes().replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    done = form(package)
    assert path.read_bytes() == before
    [left] = done.left
    assert (left.file, left.line) == (file, line) and message in left.message and left.todo
    assert {change.file for change in done.changes} == {TERMS}  # the others are formed all the same


def test_a_column_that_is_not_described_stays(package):
    path = package / DOCUMENTS
    path.write_text(
        written([["mine" if number == 0 else str(number), *row] for number, row in enumerate(read(path))])
    )
    form(package)
    assert [row[-1] for row in read(path)] == ["mine", "1", "2", "3", "4", "5"]


def test_what_is_packed_is_not_changed_and_the_package_may_be_named_by_its_file(package, tmp_path):
    path = package / DOCUMENTS
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as packed:
        packed.write(path, DOCUMENTS)
    [left] = form(tmp_path / "p.zip").left
    assert "unpack it" in left.todo
    assert {change.file for change in form(package / "datapackage.json").changes} == {DOCUMENTS}


def test_a_file_is_replaced_whole_or_not_at_all_and_keeps_its_permissions(package, monkeypatch):
    path = package / DOCUMENTS
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    path.chmod(0o640)
    before = prints(package)
    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        form(package)
    assert prints(package) == before
    form(package)
    assert prints(package) != before and path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("error", [OSError(28, "No space left on device", "x.csv"), KeyboardInterrupt()])
def test_a_stop_on_the_way_leaves_no_change_untold(package, monkeypatch, capsys, error):
    for path in (package / "record").glob("*.csv"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = prints(package)
    put, calls = formatting.replace, []

    def third(path, content):
        calls.append(path)
        if len(calls) == 3:
            raise error
        put(path, content)

    monkeypatch.setattr(formatting, "replace", third)
    assert command.main(["format", "--data", str(package)]) == 1
    told = capsys.readouterr()
    changed = [name for name, now in prints(package).items() if before[name] != now]
    assert len(changed) == 2 and {line.partition(":")[0] for line in told.out.splitlines()} == set(changed)
    assert told.err.endswith("What is told above was changed; every other table is as it was.\n")


def test_the_command_says_what_it_did_and_has_status_1_if_something_is_left(package, edit, capsys):
    assert command.main(["format", "--data", str(package)]) == 0
    assert "Nothing had to be changed" in capsys.readouterr().out
    edit(TERMS, "1998-04-17", "07/04/1998")
    assert command.main(["format", "--data", str(package)]) == 1
    assert "1 thing left to you:" in capsys.readouterr().out


CELLS = st.text("ab ;,\"\n\t'=-ä\xa00123456789/", max_size=8)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    cells=st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=1, max_size=5),
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
    separator=st.sampled_from([",", ";", "\t"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_no_cell_is_lost_and_a_second_time_changes_nothing(package, cells, ends, separator, quoting):
    path = package / THEMES
    header = ["theme_id", "definition", "note"]
    quoting = csv.QUOTE_ALL if ends == "\r" else quoting  # Python's writer forgets to quote \n then
    path.write_text(
        written([header, *cells], lineterminator=ends, delimiter=separator, quoting=quoting),
        "utf-8",
        newline="",
    )
    before = path.read_bytes()
    if not any(problem.file == THEMES for problem in form(package).left):

        def words(rows):
            return Counter(" ".join(cell.split()) for row in rows for cell in row if cell.strip())

        assert words(read(path)) == words([header, *cells])
        assert all(len(row) == len(read(path)[0]) for row in read(path))
        once = prints(package)
        assert form(package).changes == [] and prints(package) == once
    else:
        assert path.read_bytes() == before


# --- what the last commit and the other dates of a file tell ---


@pytest.fixture
def committed(package):
    """The package, committed to git."""
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    for asked in (["init", "--quiet"], ["add", "."], [*who, "commit", "--quiet", "--message", "x"]):
        subprocess.run(["git", *asked], cwd=package, check=True)
    return package


LOCALES = {
    "the day first": "{2}/{1}/{0}",
    "the month first": "{1}/{2}/{0}",
    "two digits": "{1}/{2}/{3}",
    "dots": "{2}.{1}.{0}",
    "time": "{0}-{1}-{2} 00:00:00",
}


@pytest.mark.parametrize("name", LOCALES)
def test_a_date_in_a_row_that_was_committed_is_what_it_was(committed, name):
    def saved(cell):
        date = re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", cell)
        year, month, day = date.groups(default="01") if date else ("", "", "")
        return LOCALES[name].format(year, month, day, year[2:]) if date else cell

    before = prints(committed)
    for file in (TERMS, DOCUMENTS, "record/visits.csv"):
        rows = read(committed / file)
        (committed / file).write_text(written([[saved(cell) for cell in row] for row in rows]))
    done = form(committed)
    assert prints(committed) == before and not done.left, "\n".join(map(str, done.left))
    assert any(str(change).endswith(", as in the last committed version") for change in done.changes)


def test_what_is_typed_anew_goes_by_the_order_that_the_file_shows(committed, edit):
    edit(TERMS, "1998-04-17", "04/17/1998")
    edit(TERMS, "2004-06-30", "07/19/2005")
    edit(TERMS, "2004-07-01", "07/08/2006")
    done = form(committed)
    assert not done.left and "2,took_office,2006-07-08," in (committed / TERMS).read_text()
    assert "made `2006-07-08`, the month first, as other dates of this file show" in "\n".join(
        map(str, done.changes)
    )


def test_what_neither_tells_is_left(committed, edit):
    edit(TERMS, "1998-04-17", "04/17/1998")
    edit(TERMS, "2004-06-30", "30/06/2004")  # two orders: one of them came by hand
    edit(TERMS, "2004-07-01", "07/08/2006")
    edit(DOCUMENTS, "2011-03-01", "03/01/2012")  # nor does another file tell
    assert {left.id for left in form(committed).left} == {"a-took-office-2", "a-hrc-4-4"}


def test_letters_in_a_row_that_was_committed_tell_how_the_file_was_saved(package, edit):
    edit(DOCUMENTS, "Joint study", "Conférence de Genève")
    committed.__wrapped__(package)
    edit(DOCUMENTS, "Annual report", "Gdańsk à Genève")
    path = package / DOCUMENTS
    path.write_bytes(path.read_text().replace("ń", "ñ").encode("cp1252"))
    done = form(package)
    assert (
        not done.left and "Gdañsk à Genève" in path.read_text() and "Conférence de Genève" in path.read_text()
    )
    assert "Windows, Western Europe, as cells show that were so before" in str(done.changes)


def test_what_is_printed_into_a_file_on_windows_stops_nothing(package, edit):
    edit("record/holders.csv", ",Holder A,", ", Holder Ağa,")
    path = package / "record/visits.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    asked = [sys.executable, "-m", "compendium", "format", "--data", str(package)]
    told = subprocess.run(asked, env=os.environ | {"PYTHONIOENCODING": "cp1252"}, capture_output=True)
    assert told.returncode == 0 and "made `Holder Ağa`" in told.stdout.decode() and not told.stderr
    assert b"\r" not in path.read_bytes()
