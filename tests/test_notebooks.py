"""The committed notebooks: skeleton, outputs, prose, and the form of the code in them and beside them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from compendium.execution import hygiene

PROJECT = Path(__file__).resolve().parents[1]
LONGEST_CELL, MOST_LINES = 25, 1_400
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))

# Places of a machine. Pictures are not searched: their letters are random.
MACHINE = re.compile(
    r"/(?:home|Users|root|tmp|private/var|mnt|work)/|\b[A-Z]:\\\\|site-packages|\bipykernel_\d"
)

# What the data hold many of. Counting these in prose is for computed sentences; "two ways" or "one question" is not
# a count of data, and neither is the length of the assessment in pages.
COUNTED = (
    "achievements|agenda items|articles|bodies|challenges|children|citations|claims|codes|columns|countries"
    "|days|documents|events|footnotes|gaps|governments|holders|instruments|items|mandates|methods|months|notebooks"
    "|paragraphs|passages|publications|purposes|rapporteurs|recommendations|reports|requests|resolutions|rows"
    "|sessions|sources|states parties|tables|terms|themes|tools|treaties|visits|years"
)
# Finds every number in prose: first, one after the other, the places where a number is a name and may be typed; what
# is left falls into the group `typed` and is a number that the data should have given.
TYPED_NUMBER = re.compile(
    rf"""
      `[^`\s]+`                                              # code: an ISO date, a column, an identifier
    | \]\([^)\s]*\)                                          # the address of a link
    | \b[A-Z]{{1,4}}(?:[/.]\w+)+                             # a symbol: E/CN.4/RES/1990/68, A/HRC/RES/7/13
    | \b\d\d-[a-z][a-z-]*                                    # a notebook: 01-mandate-timeline
    | \b(?:[Aa]rticles?|[Cc]hapter|[Gg]oal|[Pp]art|[Pp]aragraphs?|[Ss]ections?|[Tt]arget|No\.|[Vv]ersion)
      \s\d+(?:\.\d+)*                                        # a place in a text: Article 12, part 4
    | \b(?:\d{{1,2}}\s)?(?:January|February|March|April|May|June|July|August|September|October|November|December)
      \s(?:1[89]|2[01])\d\d\b                                # a date: 7 March 1990
    | \b(?:1[89]|2[01])\d\d\b(?!\s+(?:{COUNTED})\b)          # a year: the assessment of 2015, but not 1990 documents
    | (?P<typed>
          \d+(?:[.,]\d+)*\s?%?
        | (?i:\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s+(?:\w+\s+)?(?:{COUNTED})\b)
      )
    """,
    re.VERBOSE,
)


def typed_numbers(prose: str) -> list[str]:
    """Numbers in prose that the data should have given."""
    return [found["typed"] for found in TYPED_NUMBER.finditer(prose) if found["typed"]]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture
def notebook(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in code(notebook) for output in cell.outputs]


# --- the rule on numbers in prose, both ways ---


@pytest.mark.parametrize(
    "text",
    [
        "In 2015 the Department of Child Law assessed the mandate of 1990.",
        "Scope: 1990 against 2008",
        "on 7 March 1990, and again in October 1994",
        "Article 12 of the Convention, part 4, paragraph 3.2, General Comment No. 12, Goal 16",
        "E/CN.4/RES/1990/68, A/HRC/RES/7/13 and CRC/C/GC/12",
        "see 01-mandate-timeline and [02-working-methods](02-working-methods.ipynb)",
        "until `2015-05-31`, column `in_1990`",
        "two ways of giving the year; one question; twelve pages; the two layers",
        "often, tenfold, twofold, someone",
    ],
)
def test_a_number_that_is_a_name_may_stand_in_prose(text: str):
    assert typed_numbers(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The assessment cites 43 documents.", ["43 "]),
        ("It was 25 years later.", ["25 "]),
        ("about 37 % of them, 1,200 in all, 3.5 a year", ["37 %", "1,200 ", "3.5 "]),
        ("five methods are told apart", ["five methods"]),
        ("the three earliest holders", ["three earliest holders"]),
        ("Twelve visits took place", ["Twelve visits"]),
        ("1990 documents were found", ["1990 "]),
        ("`2 documents` of 7", ["2 ", "7"]),
        ("in 2015 there were 6 of them", ["6 "]),
    ],
)
def test_a_number_that_the_data_should_give_may_not(text: str, found: list[str]):
    assert typed_numbers(text) == found


# --- each notebook ---


def test_there_are_notebooks_numbered_without_gaps():
    assert NOTEBOOKS, "There are no notebooks."
    assert all(re.fullmatch(r"\d\d-[a-z]+(-[a-z0-9]+)*", path.stem) for path in NOTEBOOKS)
    assert [int(path.stem[:2]) for path in NOTEBOOKS] == list(range(len(NOTEBOOKS)))


@pytest.mark.form
def test_it_is_a_valid_notebook_that_a_run_left_clean(path: Path, notebook: NotebookNode):
    nbformat.validate(notebook)
    assert path.read_bytes() == hygiene.to_bytes(hygiene.clean(hygiene.read(path)))


def test_it_begins_with_one_title_and_a_question(notebook: NotebookNode):
    first = notebook.cells[0]
    assert first.cell_type == "markdown" and first.source.startswith("# ") and "?" in first.source
    assert len(re.findall(r"^# \S", "\n\n".join(prose(notebook)), re.MULTILINE)) == 1


def test_its_first_code_is_the_tagged_cell_of_parameters(notebook: NotebookNode):
    given = [line.partition(" = ")[0] for line in code(notebook)[0].source.splitlines()]
    assert given == ["data_dir", "figures_dir", "as_of"]
    assert "parameters" in code(notebook)[0].metadata.get("tags", [])


def test_it_sets_a_finding_apart(notebook: NotebookNode):
    assert any("**Finding" in str(output.get("data", "")) for output in outputs(notebook))


def test_it_ends_with_what_it_does_not_show(notebook: NotebookNode):
    assert any(re.search(r"^## What this does not show$", text, re.MULTILINE) for text in prose(notebook))


@pytest.mark.form
def test_it_was_executed_from_top_to_bottom(notebook: NotebookNode):
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))


@pytest.mark.form
def test_it_shows_no_error_and_no_warning(notebook: NotebookNode):
    assert not [one for one in outputs(notebook) if one.output_type == "error" or one.get("name") == "stderr"]


@pytest.mark.form
def test_it_tells_nothing_of_the_machine(notebook: NotebookNode):
    for cell in notebook.cells:
        assert not MACHINE.search(json.dumps(cell.metadata) + cell.source)
    for output in outputs(notebook):
        shown = {kind: value for kind, value in output.get("data", {}).items() if kind != "image/png"}
        told = json.dumps([shown, output.get("text", ""), output.get("metadata", {})])
        assert not MACHINE.search(
            re.sub(r"https?://[^\s\"\\<]+", "", told)
        )  # sources have addresses of their own


def test_no_cell_is_silenced_with_a_semicolon(notebook: NotebookNode):
    assert not [cell.source for cell in code(notebook) if cell.source.rstrip().endswith(";")]


@pytest.mark.form
def test_no_number_is_typed_where_a_computed_one_belongs(notebook: NotebookNode):
    assert [number for text in prose(notebook) for number in typed_numbers(text)] == []


@pytest.mark.form
def test_a_code_cell_is_a_thought(notebook: NotebookNode):
    lines = [cell.source.splitlines() for cell in code(notebook)]
    assert max(map(len, lines)) <= LONGEST_CELL
    assert not re.search(
        r"figsize|inch|zorder|padding|Line2D|Patch\b", "\n".join(cell.source for cell in code(notebook))
    )


@pytest.mark.form
def test_all_notebooks_together_hold_little_code():
    books = [nbformat.read(path, as_version=4) for path in NOTEBOOKS]
    assert sum(len(cell.source.splitlines()) for book in books for cell in code(book)) <= MOST_LINES


def test_it_says_first_what_it_found_in_short_sentences(notebook: NotebookNode):
    shown = [
        output.data["text/markdown"]
        for output in outputs(notebook)
        if "text/markdown" in output.get("data", {})
    ]
    heading, *found = [line for line in shown[0].splitlines() if line]
    assert heading == "**In short**" and 2 <= len(found) <= 6
    place = next(i for i, cell in enumerate(notebook.cells) if cell.get("outputs"))
    before = " ".join(cell.source for cell in notebook.cells[:place] if cell.cell_type == "markdown")
    assert len(before.split()) < 60
    for line in found:
        sentence, section, name = re.fullmatch(r"- (.+) \[(.+)\]\((?:(.+)\.ipynb)?#.+\)", line).groups()
        there = notebook if name is None else nbformat.read(PROJECT / "notebooks" / f"{name}.ipynb", 4)
        headings = re.findall(r"^#+ (.+)$", "\n".join(prose(there)), re.MULTILINE)
        assert len(sentence.split()) <= 30 and section in headings, line


def test_every_picture_has_a_short_text_alternative(notebook: NotebookNode):
    pictures = [
        (output, kind)
        for output in outputs(notebook)
        for kind in output.get("data", {})
        if kind.startswith("image/")
    ]
    for output, kind in pictures:
        assert 1 <= len(output.metadata.get(kind, {}).get("alt", "").strip()) <= 300


# --- the form of all code ---


@pytest.mark.form
@pytest.mark.parametrize(
    "tool",
    [["ruff", "check", "--output-format", "concise"], ["ruff", "format", "--check", "--quiet"], ["mypy"]],
    ids=["ruff check", "ruff format", "mypy"],
)
def test_code_of_package_tests_and_notebooks_is_in_form(tool: list[str]):
    where = [] if tool[0] == "mypy" else ["benchmarks", "notebooks", "tests"]
    result = subprocess.run(
        [sys.executable, "-m", *tool, *where], cwd=PROJECT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
