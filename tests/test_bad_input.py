"""What a person, a spreadsheet or a broken download may do to a package: it is told, or it changes nothing.

One thing no check can see: a download that breaks off exactly at the end of a row, which is a shorter table. The
command tells the number of rows, and git shows what went.
"""

import csv
import gzip
import io
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from compendium.legacy_page import text_of
from compendium.legacy_tables import load
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import synthetic
from compendium.canonical import form
from compendium.check import check
from compendium.problems import report
from conftest import MANDATE_M, NOTEBOOKS, Played, prints

TABLES = sorted(path.relative_to(MANDATE_M).as_posix() for path in MANDATE_M.rglob("*.csv"))
bounded = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def spoilt(package: Path, tmp_path: Path):
    """Function that gives a fresh copy of the package, and its tables as text."""

    def copy() -> Path:
        shutil.rmtree(tmp_path / "spoilt", ignore_errors=True)
        return Path(shutil.copytree(package, tmp_path / "spoilt"))

    return copy


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def written(rows: list[list[str]], **how) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, **{"lineterminator": "\n"} | how).writerows(rows)
    return text.getvalue().encode()


def shown(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables as readers see them."""
    return {name: frame.map(text_of) for name, frame in load(folder).items()}


def same(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> bool:
    return one.keys() == other.keys() and all(one[name].equals(other[name]) for name in one)


def told(folder: Path, file: str) -> bool:
    """Check a package, which must change nothing; whether a problem is told, as whole as a person needs it."""
    before = prints(folder)
    found = check(folder)
    assert prints(folder) == before
    for problem in found:
        assert problem.file and problem.line >= 0 and problem.rule and problem.message and problem.todo
        assert "Traceback" not in str(problem) and len(str(problem).splitlines()) == 1
    assert not found or any(problem.file == file for problem in found) or "reference" in report(found)
    return bool(found)


# --- a spreadsheet: another form of the same content ---

FORMS = {
    "as it is": lambda rows: written(rows),
    "BOM": lambda rows: b"\xef\xbb\xbf" + written(rows),
    "CRLF": lambda rows: written(rows, lineterminator="\r\n"),
    "semicolons": lambda rows: written(rows, delimiter=";"),
    "tabs": lambda rows: written(rows, delimiter="\t"),
    "quoted": lambda rows: written(rows, quoting=csv.QUOTE_ALL),
    "UTF-16": lambda rows: written(rows).decode().encode("utf-16"),
}
QUIRKS = {
    "none": lambda rows: rows,
    "empty columns": lambda rows: [[*row, ""] for row in rows],
    "empty rows": lambda rows: [*rows, [""] * len(rows[0])],
    "an empty row": lambda rows: [rows[0], [], *rows[1:]],
    "upside down": lambda rows: [rows[0], *rows[:0:-1]],
    "turned round": lambda rows: [row[::-1] for row in rows],
    "blanks": lambda rows: [[f" {cell} " for cell in row] for row in rows],
    "decimals": lambda rows: [[re.sub(r"^(\d{1,3})$", r"\1.0", cell) for cell in row] for row in rows],
}  # fmt: skip


@bounded
@given(
    file=st.sampled_from(TABLES), saved=st.sampled_from(sorted(FORMS)), quirk=st.sampled_from(sorted(QUIRKS))
)
def test_what_a_spreadsheet_makes_of_a_table_is_told_or_changes_nothing_and_can_be_undone(
    package, spoilt, file, saved, quirk
):
    folder = spoilt()
    (folder / file).write_bytes(FORMS[saved](QUIRKS[quirk](read(package / file))))
    if not told(folder, file):
        assert same(shown(folder), shown(package))
    done = form(folder)
    if not any(problem.file == file for problem in done.left):
        if quirk != "decimals":  # an address or a pinpoint may have been a number before
            assert check(folder) == [], report(check(folder))
            assert same(shown(folder), shown(package))
    else:
        assert told(folder, file)


# --- a broken download ---

BREAKS = {
    "cut": lambda raw, at, _: raw[:at],
    "hole": lambda raw, at, size: raw[:at] + raw[at + size :],
    "twice": lambda raw, at, size: raw[: at + size] + raw[at:],
    "zeros": lambda raw, at, size: raw[:at] + bytes(size) + raw[at + size :],
    "other letters": lambda raw, at, size: raw[:at] + b"\xe9" * size + raw[at + size :],
    "packed": lambda raw, *_: gzip.compress(raw, mtime=0),
    "an error page": lambda *_: b"<!DOCTYPE html><html><body><h1>503</h1></body></html>\n",
    "a page for people": lambda *_: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    "nothing": lambda *_: b"",
    "another table": lambda raw, *_: b"a,b\n1,2\n",
}


@bounded
@given(data=st.data(), file=st.sampled_from(TABLES), kind=st.sampled_from(sorted(BREAKS)))
def test_a_broken_file_is_told_or_its_rows_are_what_stands_in_it(package, spoilt, data, file, kind):
    folder = spoilt()
    raw = (folder / file).read_bytes()
    at = data.draw(st.integers(0, len(raw) - 1))
    broken = BREAKS[kind](raw, at, data.draw(st.integers(1, 20)))
    assume(broken != raw)
    (folder / file).write_bytes(broken)
    if not told(folder, file):
        # What is left is a sound table: every row of it stands in the file, letter by letter.
        name = Path(file).stem
        rows = list(csv.reader(io.StringIO(broken.decode(), newline="")))[1:]
        assert [list(row) for row in shown_as_stored(folder, name)] == rows
    before = prints(folder)
    form(folder)
    form_again = prints(folder)
    assert form(folder).changes == [] and prints(folder) == form_again
    assert {name: p for name, p in prints(folder).items() if name != file} == {
        name: p for name, p in before.items() if name != file
    }


def shown_as_stored(folder: Path, name: str) -> list[list[str]]:
    """The rows of a loaded table in the form of its file."""
    frame = load(folder)[name]
    cells = frame.map(lambda value: ";".join(value) if isinstance(value, list) else text_of(value))
    return cells.to_numpy().tolist()


# --- a person: what is typed into one cell ---

TYPED = [
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "<script>alert(1)</script>", "</table>",
    "[x](javascript:1)", "a;b", ";", "a;;b", "a,b", '"', "'", "`", "$x$", "$\\frac{", "{0}", "%s", "\\",
    "\u202e", "\x00", "\x07", "\x1b[31m", "\r", "\n", "nan", "NaN", "NULL", "None", "null", "N/A",
    "TRUE", "0", "-1", "1e5", "1.0", "1,000", "00", "٣", "１９９０", "1990-13", "1990-03-07 00:00:00",
    "07/03/1990", "7.3.90", "32939", "1990-1-1", "1799", "2200", "../../etc/passwd", "/etc/passwd",
    "http://example.org/x", "file:///etc/passwd", "C:\\x", " x", "x ", "\xa0", "ﬁ", "é", "e\u0301",
    "x" * 5000, "confirmed", "xx",
]  # fmt: skip


@settings(bounded, max_examples=100)
@given(data=st.data(), file=st.sampled_from(TABLES), typed=st.sampled_from(TYPED))
def test_what_is_typed_is_told_or_stays_the_text_that_it_is(package, spoilt, data, file, typed):
    folder = spoilt()
    rows = read(folder / file)
    row = data.draw(st.integers(1, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[0]) - 1))
    rows[row][column] = typed
    (folder / file).write_bytes(written(rows))
    if not told(folder, file):
        assert shown_as_stored(folder, Path(file).stem) == rows[1:]
        assert not typed.startswith(("=", "+", "@", "\t")) and typed.isprintable()


# --- the description ---

LEAVING = ["../x.csv", "/etc/passwd", "..\\x.csv", "C:\\x.csv", "C:x.csv", "\\\\host\\x.csv", "record/../../x.csv",
           "a\0b", "http://example.org/x.csv", "file:///etc/passwd", "ftp://x/y.csv", "record"]  # fmt: skip


@pytest.mark.parametrize("path", LEAVING)
def test_a_path_that_leaves_the_folder_is_told_and_not_opened(package, tmp_path, path):
    (tmp_path / "x.csv").write_text("theme_id,ordinal,label,definition\nsecret,1,Secret,Secret\n")
    description = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    table = next(one for one in description["resources"] if one["name"] == "themes")
    table["path"] = path
    (package / "datapackage.json").write_text(json.dumps(description), encoding="utf-8")
    before = prints(tmp_path)
    found = check(package)
    assert found and "secret" not in report(found).casefold()
    form(package)
    assert prints(tmp_path) == before


# --- what reaches the page ---

HOSTILE = '<script>x()</script> <img src=x onerror=y()> [a](javascript:z) | `b` $c$ **d** {"e"}'


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.add(tag)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_markup_from_the_data_stays_text(package, path, tmp_path, monkeypatch):
    if path.stem.startswith("06"):  # Mandate M has nothing that came after its assessment
        package = synthetic.package(tmp_path / "made-up", holders=2, first=2014)
    texts = {"title", "label", "note", "name", "short_name", "short", "definition", "summary", "relation", "claim",
             "evidence", "caveat", "statement", "item", "ask", "publisher", "uncoded_reason", "symbol"}  # fmt: skip
    unique = iter(range(10_000))
    for file in (path.relative_to(package).as_posix() for path in sorted(package.rglob("*.csv"))):
        rows = read(package / file)
        for row in rows[1:]:
            for at, name in enumerate(rows[0]):
                if name in texts and row[at] and not (name == "symbol" and "documents" in file):
                    row[at] = f"{HOSTILE} {next(unique)}"
        (package / file).write_bytes(written(rows))
    assert check(package) == [], report(check(package))
    pages = []
    monkeypatch.setattr("conftest.PAGES", pages)
    played = Played(path, None, package)
    assert any("x()" in text for _, text in pages)
    for kind, text in pages:
        tags = Tags(text).found
        assert "script" not in tags and "img" not in tags
        if kind == "markdown":
            assert (
                not re.search(r"(?<!\\)\]\(javascript:", text)
                and "**d**" not in text
                and "`b`" not in text.replace("\\`", "")
            )
    for data in played.data.values():
        cells = data.map(text_of).to_numpy().ravel()
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
