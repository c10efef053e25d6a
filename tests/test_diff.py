"""What changed in the data: rows, cells, findings and figures, in words and as a page."""

import csv
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from compendium.editing import diff
from compendium.problems import CommandError
from conftest import mandate_m


@pytest.fixture
def then(tmp_path: Path) -> Path:
    return mandate_m(tmp_path / "then")


@pytest.fixture
def now(then: Path, tmp_path: Path) -> Path:
    """The package with a changed cell, a new row, a row that is gone and a new column."""
    now = shutil.copytree(then, tmp_path / "now")
    path = now / "record" / "documents.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["title"] = "Another <title>"
    rows.append(rows[0] | {"document_id": "new-1", "symbol": "A/HRC/9/9"})
    gone = rows.pop(1)
    assert gone["document_id"] == "a-hrc-2-2"
    for row in rows:
        row["lang"] = ""
    with path.open("w", encoding="utf-8", newline="") as file:
        made = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        made.writeheader()
        made.writerows(rows)
    described = json.loads((now / "datapackage.json").read_text("utf-8"))
    (documents,) = (one for one in described["resources"] if one["name"] == "documents")
    documents["schema"]["fields"].append({"name": "lang", "title": "Language", "type": "string"})
    (now / "datapackage.json").write_text(json.dumps(described), "utf-8")
    return now


def test_rows_cells_and_columns_that_changed_are_told_in_words(then: Path, now: Path):
    assert diff.changes(then, then) == []
    told = [str(one) for one in diff.changes(then, now)]
    assert told[0] == "column lang: new (Language)"
    assert told[1] == 'a-hrc-1-1: Title: First report: "M" and its limits -> Another <title>'
    assert told[2].startswith("new-1: new (Document: new-1; Symbol: A/HRC/9/9; ")
    assert told[3].startswith("a-hrc-2-2: gone (Document: a-hrc-2-2; ") and len(told) == 4
    back = [str(one) for one in diff.changes(now, then)]
    assert back[0] == "column lang: gone (Language)" and "a-hrc-2-2: new" in back[2]


def test_a_draft_for_the_changelog_counts_by_table(then: Path, now: Path):
    assert diff.draft(diff.changes(then, now)) == [
        "- `documents`: column lang new, 1 row changed, 1 row gone, 1 row new (title)."
    ]


def test_findings_and_figures_that_changed_stand_beside(tmp_path: Path):
    for name, number in (("then", 3), ("now", 4)):
        folder = tmp_path / name
        folder.mkdir()
        texts = [
            f"> **Finding.** {number} of 9 hold. The rest is open.",
            f"**In short**\n\n- {number} hold. [Why](#w)",
        ]
        outputs = [{"data": {"text/markdown": text}} for text in [*texts, f"{number} of nothing."]]
        cells = [{"cell_type": "code", "outputs": outputs}, {"cell_type": "markdown", "source": "x"}]
        (folder / "01-a.ipynb").write_text(json.dumps({"cells": cells}), "utf-8")
        (folder / "01-a.csv").write_text(f"a\n{number}\n")
        (folder / "01-same.csv").write_text("a\n")
    (tmp_path / "now" / "01-new.csv").write_text("a\n")
    folders = tmp_path / "then", tmp_path / "now"
    assert [one[1:] for one in diff.findings(*folders)] == [
        ("-", "3 of 9 hold."),
        ("-", "- 3 hold."),
        ("+", "4 of 9 hold."),
        ("+", "- 4 hold."),
    ]
    assert diff.figures(*folders) == ["01-a", "01-new"]


def test_the_page_escapes_what_stands_in_the_data(then: Path, now: Path):
    page = diff.page(diff.changes(then, now), [("01", "+", "<b>")], [], "<tag>")
    assert (
        "Another &lt;title&gt;" in page and "<title>Changes since &lt;tag&gt;" in page and "<b>" not in page
    )


def test_what_stood_there_is_taken_from_git_and_what_git_does_not_know_is_told(tmp_path: Path):
    project = tmp_path / "project"
    for name in ("data/a.csv", "notebooks/a.ipynb", "figures/a.csv"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("before")
    git = ["git", "-C", str(project), "-c", "user.name=a", "-c", "user.email=a@b"]
    with pytest.raises(CommandError, match="git does not know `HEAD`"):
        diff.earlier(project, "HEAD", tmp_path / "then")
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run([*git, *arguments], check=True)
    (project / "data" / "a.csv").write_text("after")
    diff.earlier(project, "HEAD", tmp_path / "then")
    assert (tmp_path / "then" / "data" / "a.csv").read_text() == "before"
    with pytest.raises(CommandError, match=r"`--output=x`.*SINCE="):
        diff.earlier(project, "--output=x", tmp_path / "then")
