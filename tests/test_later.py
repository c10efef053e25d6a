"""A later date needs rows only: a holder, resolution, visit and report of 2027 reach every figure and sentence."""

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest

from compendium import figures
from compendium.format import form
from compendium.check import check, report
from conftest import NOTEBOOKS, TESTS, Played

SURE = {"source_ids": "leiden-2015", "status": "confirmed"}
ROWS = {
    "record/holders.csv": {"holder_id": "newcomer", "ordinal": "7", "name": "Ada Newcomer", "short_name": "Newcomer"},
    "record/terms.csv": {"term_statement_id": "newcomer-start", "holder_id": "newcomer", "term": "1",
                         "event": "took_office", "date": "2027-05-01"},
    "record/resolutions.csv": {"resolution_id": "hrc-64-1", "symbol": "A/HRC/RES/64/1", "short": "HRC 64/1",
                               "body": "HRC", "adopted": "2027-03-24", "action": "extended", "term_years": "3"},
    "record/visits.csv": {"visit_id": "tuvalu-2027", "country": "TUV", "start": "2027-09-06", "end": "2027-09-15",
                          "outcome": "held", "holder_id": "newcomer", "report_symbol": "A/HRC/67/50/Add.1"},
    "record/countries.csv": {"country": "TUV", "name": "Tuvalu", "regional_group": "asia-pacific"},
    "record/documents.csv": {"document_id": "a-hrc-67-50-add1", "symbol": "A/HRC/67/50/Add.1", "body": "HRC",
                             "session": "67", "date": "2027-12-01", "listed_year": "2027", "holder_id": "newcomer",
                             "attribution": "explicit", "kind": "visit", "title": "Visit to Tuvalu"},
}  # fmt: skip


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real data, with rows of 2027 put at the end of their files as somebody in a hurry does."""
    folder = tmp_path_factory.mktemp("later") / "data"
    shutil.copytree(TESTS.parent / "data", folder)
    for file, values in ROWS.items():
        header = next(csv.reader(io.StringIO((folder / file).read_text(encoding="utf-8"))))
        with (folder / file).open("a", encoding="utf-8", newline="") as table:
            csv.DictWriter(table, header, restval="", lineterminator="\n").writerow(values | SURE)
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    described["created"] = "2027-12-31T00:00:00Z"
    (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    assert {problem.rule for problem in check(folder)} == {"order"}
    assert not form(folder).left
    found = check(folder)
    assert not found, report(found)
    return folder


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_rows_of_a_later_year_are_carried_into_readable_figures(later, path):
    played = Played(path, None, later)
    assert played.complaints == ""
    faults = {name: figures.layout_faults(fig) for name, fig in played.figures.items()}
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize(
    ("notebook", "figure", "word"),
    [
        ("01", "01-terms", "Newcomer"),
        ("01", "01-resolutions", "A/HRC/RES/64/1"),
        ("01", "01-extensions", "A/HRC/RES/64/1"),
        ("02", "02-visits", "Tuvalu"),
        ("02", "02-visits-per-year", "Newcomer"),
        ("03", "03-documents-by-year", "Visit to Tuvalu"),
    ],
)
def test_each_row_stands_in_its_figure_in_its_sentences_and_on_its_axis(later, notebook, figure, word, play):
    [path] = [path for path in NOTEBOOKS if path.stem.startswith(notebook)]
    played = play(path, None, later)
    cells = {str(cell) for column in played.data[figure].columns for cell in played.data[figure][column]}
    assert word in cells
    said = "\n".join(text for cell in played.said for text in cell)
    assert "31 December 2027" in said and word in said
    drawn = [
        text.get_text() for text in played.figures[figure].findobj(match=lambda one: hasattr(one, "get_text"))
    ]
    assert any("31 December 2027" in text.replace("\n", " ") for text in drawn)
    [ax] = played.figures[figure].axes
    if figure != "02-visits-per-year":
        assert ax.get_xlim()[1] > 2027.5
    if figure in ("02-visits", "03-documents-by-year", "01-terms"):
        assert any(text == "Newcomer" for text in drawn)


def test_numbers_in_sentences_follow(later, play):
    def visits(data):
        [path] = [path for path in NOTEBOOKS if path.stem.startswith("02")]
        text = "\n".join(text for cell in play(path, None, data).said for text in cell)
        return [int(n) for n in re.search(r"(\d+) confirmed visits to (\d+) countries", text).groups()]

    assert visits(later) == [number + 1 for number in visits(None)]
