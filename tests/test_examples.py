"""The second mandate, and what stands beside the first."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from compendium.editing.check import check
from compendium.site import beside, material
from compendium.tables import load
from conftest import PROJECT

DATA, EXAMPLE = PROJECT / "data", PROJECT / "examples" / "trafficking"


def rows(package: Path, table: str) -> list[dict[str, str]]:
    """Rows of a table, read without the package."""
    with (package / "record" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_example_is_sound_and_sourced():
    assert check(EXAMPLE) == []
    record = [row for name in ("terms", "resolutions", "documents", "visits") for row in rows(EXAMPLE, name)]
    assert len(record) > 150
    assert sum(row["status"] == "confirmed" for row in record) / len(record) > 0.9
    titles = {row["holder_id"] for row in rows(EXAMPLE, "holders")} & {
        row["holder_id"] for row in rows(DATA, "holders")
    }
    assert titles == set()


@pytest.fixture(scope="module")
def page() -> tuple[str, str]:
    every = beside.packages(material.gather(PROJECT, None, None))
    return beside.mandates(every), beside.holders(every)


def test_both_mandates_are_counted_alike(page: tuple[str, str]):
    for package in (DATA, EXAMPLE):
        held = [
            row for row in rows(package, "visits") if (row["outcome"], row["status"]) == ("held", "confirmed")
        ]
        kinds = Counter(row["kind"] for row in rows(package, "documents") if row["status"] == "confirmed")
        assert f">{len(held)}, that is " in page[0]
        assert f">{sum(kinds[kind] for kind in beside.MAIN)}, that is " in page[0]
        for holder in rows(package, "holders"):
            assert holder["short_name"] in page[1]


def test_a_package_alone_has_nothing_beside_it(page: tuple[str, str], tmp_path: Path):
    gathered = material.gather(PROJECT, None, None)
    alone = material.Material(**vars(gathered) | {"project": tmp_path})
    assert beside.folders(alone) == [] and beside.packages(alone) == {}


def test_sections_that_rest_on_tables_without_rows_are_left_out():
    def heading(text: str, needs: str = "") -> object:
        return new_markdown_cell(text, metadata={"tags": [f"needs-{needs}"]} if needs else {})

    cells = [
        heading("# Title"),
        heading("## Claims", "claims"),
        new_code_cell("1"),
        heading("### Below", "visits"),
    ]
    cells += [
        heading("## Visits", "visits"),
        new_code_cell("2"),
        heading("### Nothing", "claims"),
        new_code_cell("3"),
    ]
    cells += [heading("## End")]
    example, own = load(EXAMPLE), load(DATA)
    left = material._resting(new_notebook(cells=cells), example).cells
    assert [cell.source for cell in left] == ["# Title", "## Visits", "2", "## End"]
    assert len(material._resting(new_notebook(cells=cells), own).cells) == len(cells)
    whole = new_notebook(cells=[heading("# All", "claims"), heading("## One"), new_code_cell("1")])
    assert material._resting(whole, example).cells == []
