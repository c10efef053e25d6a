"""What a person, a spreadsheet or a broken download may do to a package: it is told, or it changes nothing.

One thing no check can see: a download that breaks off exactly at the end of a row, which is a shorter table. The
command tells the number of rows, and git shows what went.
"""

import csv
import gzip
import io
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from compendium.editing.check import check
from compendium.editing.format import form
from compendium.problems import report
from compendium.tables import load
from conftest import MANDATE_M, NOTEBOOKS, PAGES, Played, prints

TABLES = st.sampled_from(sorted(path.relative_to(MANDATE_M).as_posix() for path in MANDATE_M.rglob("*.csv")))
DEPTHS = pytest.mark.parametrize("depth", [5, pytest.param(200, marks=pytest.mark.long)])


def deep(depth: int) -> settings:
    return settings(max_examples=depth, deadline=None, derandomize=True)


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def written(rows: list[list[str]], **how) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, **{"lineterminator": "\n"} | how).writerows(rows)
    return text.getvalue().encode()


def same(one: Path, other: Path) -> bool:
    """Whether two packages say the same to readers."""
    here, there = load(one), load(other)
    return all(here[name].astype(str).equals(there[name].astype(str)) for name in here)


def spoilt(package: Path, file: str, content: bytes) -> Path:
    """A copy of a package in which one file has another content."""
    folder = package.parent / "spoilt"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(package, folder)
    (folder / file).write_bytes(content)
    return folder


def told(folder: Path, file: str) -> bool:
    """Check a package, which must change nothing; whether a problem is told, as whole as a person needs it."""
    before = prints(folder)
    found = check(folder)
    assert prints(folder) == before
    for problem in found:
        assert problem.file and problem.line >= 0 and problem.rule and problem.message and problem.todo
        assert "Traceback" not in str(problem) and len(str(problem).splitlines()) == 1
    elsewhere = {problem.rule for problem in found if problem.file != file}  # what points at rows that went
    assert (
        not found
        or any(problem.file == file for problem in found)
        or elsewhere <= {"reference", "vocabulary"}
    )
    return bool(found)


# A spreadsheet saves another form of the same content.
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


@DEPTHS
def test_what_a_spreadsheet_makes_of_a_table_is_told_or_changes_nothing_and_can_be_undone(package, depth):
    @deep(depth)
    @given(file=TABLES, saved=st.sampled_from(sorted(FORMS)), quirk=st.sampled_from(sorted(QUIRKS)))
    def holds(file: str, saved: str, quirk: str) -> None:
        folder = spoilt(package, file, FORMS[saved](QUIRKS[quirk](read(package / file))))
        assert told(folder, file) or same(folder, package)
        done = form(folder)
        if any(problem.file == file for problem in done.left):
            assert told(folder, file)
        elif quirk != "decimals":  # an address or a pinpoint may have been a number before
            assert check(folder) == [], report(check(folder))
            assert same(folder, package)

    holds()


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


@DEPTHS
def test_a_broken_file_is_told_or_is_read_row_by_row_and_form_changes_it_once(package, depth):
    @deep(depth)
    @given(
        file=TABLES, kind=st.sampled_from(sorted(BREAKS)), part=st.floats(0, 0.999), size=st.integers(1, 20)
    )
    def holds(file: str, kind: str, part: float, size: int) -> None:
        raw = (package / file).read_bytes()
        broken = BREAKS[kind](raw, int(part * len(raw)), size)
        assume(broken != raw)
        folder = spoilt(package, file, broken)
        before = prints(folder)
        if not told(folder, file):
            assert len(load(folder)[Path(file).stem]) == len(read(folder / file)) - 1
        form(folder)
        once = prints(folder)
        assert form(folder).changes == [] and prints(folder) == once
        assert once | {file: ""} == before | {file: ""}

    holds()


# What a person types into one cell.
TYPED = [
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "<script>alert(1)</script>", "</table>",
    "[x](javascript:1)", "a;b", ";", "a;;b", "a,b", '"', "'", "`", "$x$", "$\\frac{", "{0}", "%s", "\\",
    "\u202e", "\x00", "\x07", "\x1b[31m", "\r", "\n", "nan", "NaN", "NULL", "None", "null", "N/A",
    "TRUE", "0", "-1", "1e5", "1.0", "1,000", "00", "٣", "１９９０", "1990-13", "1990-03-07 00:00:00",
    "07/03/1990", "7.3.90", "32939", "1990-1-1", "1799", "2200", "../../etc/passwd", "/etc/passwd",
    "http://example.org/x", "file:///etc/passwd", "C:\\x", " x", "x ", "\xa0", "ﬁ", "é", "e\u0301",
    "x" * 5000, "confirmed", "xx",
]  # fmt: skip


@DEPTHS
def test_what_is_typed_is_told_or_is_harmless(package, depth):
    @deep(depth)
    @given(file=TABLES, typed=st.sampled_from(TYPED), at=st.floats(0, 0.999), beside=st.floats(0, 0.999))
    def holds(file: str, typed: str, at: float, beside: float) -> None:
        rows = read(package / file)
        rows[1 + int(at * (len(rows) - 1))][int(beside * len(rows[0]))] = typed
        folder = spoilt(package, file, written(rows))
        if not told(folder, file):
            assert len(load(folder)[Path(file).stem]) == len(rows) - 1
            assert not typed.startswith(("=", "+", "@", "\t")) and typed.isprintable()

    holds()


# --- what reaches the page ---

HOSTILE = '<script>x()</script> <img src=x onerror=y()> [a](javascript:z) | `b` $c$ **d** {"e"}'
TEXTS = {"title", "label", "note", "name", "short_name", "short", "definition", "summary", "relation", "claim",
         "evidence", "caveat", "statement", "item", "ask", "publisher", "uncoded_reason", "symbol"}  # fmt: skip


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.add(tag)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_markup_from_the_data_stays_text(package, path):
    unique = iter(range(10_000))
    for file in sorted(package.rglob("*.csv")):
        rows = read(file)
        for row in rows[1:]:
            for at, name in enumerate(rows[0]):
                if name in TEXTS and row[at] and not (name == "symbol" and "documents" in file.name):
                    row[at] = f"{HOSTILE} {next(unique)}"
        file.write_bytes(written(rows))
    assert check(package) == [], report(check(package))
    PAGES.clear()
    played = Played(path, None, package)
    assert path.stem.startswith("06") or any(
        "x()" in text for _, text in PAGES
    )  # Mandate M has nothing later
    for kind, text in PAGES:
        assert not {"script", "img"} & Tags(text).found
        if kind == "markdown":
            assert not re.search(r"(?<!\\)\]\(javascript:", text)
            assert "**d**" not in text and "`b`" not in text.replace("\\`", "")
    for numbers in played.data.values():  # a spreadsheet takes none of them for a formula
        assert not [cell for cell in numbers.to_numpy().ravel() if cell.startswith(("=", "+", "@", "\t"))]
