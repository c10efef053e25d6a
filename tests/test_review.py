"""Review by people: the sheet that is drawn, what is taken back, what is made of it. All reviews are made up."""

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest

from compendium.__main__ import main
from compendium.editing.check import check
from compendium.editing.review import HEADER, sheet, take_back
from compendium.problems import CommandError
from compendium.reviews import draw, reviewable, tally, wilson
from compendium.tables import load
from conftest import PROJECT

DATA = PROJECT / "data"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the project's data, in which reviews can be made up."""
    return Path(shutil.copytree(DATA, tmp_path / "package"))


def filled(
    path: Path, answers: list[dict[str, str]], encoding: str = "utf-8-sig", delimiter: str = ","
) -> Path:
    """The sheet with answers in its first rows, saved as a spreadsheet may save it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, answer in zip(rows, answers, strict=False):
        row |= answer
    with path.open("w", encoding=encoding, newline="") as file:
        made = csv.DictWriter(file, HEADER, delimiter=delimiter, lineterminator="\r\n")
        made.writeheader()
        made.writerows(rows)
    return path


GOOD = {"judgement": "True", "reviewer": "Ada É.", "date": "2026-11-27"}
BAD = GOOD | {"judgement": "wrong", "what_is_right": "another day", "where_it_says_so": "A/1, para. 2"}


def test_rows_are_drawn_from_every_table_the_same_for_a_seed_and_those_on_judgement_more_densely():
    t = load(DATA)
    rows, drawn = reviewable(t), draw(t, 60, 7)
    assert (
        len(drawn) == 60
        and set(drawn["table"]) == set(rows["table"])
        and not drawn.duplicated(["table", "key"]).any()
    )
    pd.testing.assert_frame_equal(drawn, draw(t, 60, 7))
    assert not drawn.equals(draw(t, 60, 8))
    many = draw(t, 400, 7)["table"].value_counts() / rows["table"].value_counts()
    assert (
        many["claims"] > 2 * many["claim_readings"]
        and many["challenge_followthrough"] > 2 * many["differences"]
    )
    assert (rows["says"] != "").all() and (rows.loc[rows["table"] == "claims", "where"] != "").all()
    assert len(draw(t, 5, 1, "agenda")) == 5 and len(draw(t, 99, 1, "agenda")) == len(t.agenda)


def test_a_sheet_holds_all_that_a_reviewer_needs_on_screen_and_on_paper(tmp_path):
    table, page = sheet(DATA, tmp_path, 30, 3)
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")  # so that Excel reads the letters
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 30 and all(row["row_says"] and not row["judgement"] for row in rows)
    text = page.read_text(encoding="utf-8")
    assert text.count("<tr>") == 31 and "cannot tell" in text and "Reviewer" in text
    with pytest.raises(CommandError, match="no rows to review in `nothing`"):
        sheet(DATA, tmp_path, 5, 1, "nothing")


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8-sig", ","), ("utf-8", ";"), ("utf-16", "\t")])
def test_a_filled_sheet_is_taken_back_however_it_was_saved_and_no_row_is_changed(
    package, tmp_path, encoding, delimiter
):
    before = {path: path.read_bytes() for path in package.rglob("*.csv") if path.name != "reviews.csv"}
    path, _ = sheet(package, tmp_path, 20, 3)
    assert take_back(filled(path, [GOOD, BAD], encoding, delimiter), package) == (2, [])
    assert before == {
        path: path.read_bytes() for path in package.rglob("*.csv") if path.name != "reviews.csv"
    }
    assert not check(package)
    reviews = load(package).reviews
    assert sorted(reviews["judgement"]) == ["true", "wrong"] and set(reviews["reviewer"]) == {"Ada É."}
    taken, problems = take_back(path, package)
    assert taken == 0 and {one.message for one in problems} == {"this judgement is there already"}
    assert len(load(package).reviews) == 2


WRONG = {
    "another word": ({"judgement": "perhaps"}, "write true, wrong or cannot tell"),
    "wrong without what is right": ({"judgement": "wrong"}, "fill the two columns"),
    "nobody": ({"reviewer": ""}, "write a name"),
    "a date turned": ({"date": "27/11/2026"}, "write it as 2026-11-27"),
    "a month": ({"date": "2026-11"}, "write it as 2026-11-27"),
    "a key that is not there": ({"key": "none"}, "leave the columns table and key"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_taken_is_told_with_its_line_and_nothing_is_written(name, package, tmp_path):
    spoilt, todo = WRONG[name]
    path, _ = sheet(package, tmp_path, 20, 3)
    taken, [problem] = take_back(filled(path, [GOOD, GOOD | spoilt]), package)
    assert (taken, problem.line) == (0, 3) and todo in problem.todo
    assert load(package).reviews.empty


def test_a_sheet_without_its_columns_or_cut_is_told(package, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("table,key\nvisits,x\n", encoding="utf-8")
    assert "judgement" in take_back(path, package)[1][0].message
    path.write_text('table,key,"row', encoding="utf-8")
    assert take_back(path, package)[1]


def test_what_people_found_is_counted_by_table_with_an_interval_and_what_changed_since(package, tmp_path):
    assert tally(load(package)).empty
    path, _ = sheet(package, tmp_path, 20, 3, "visits")
    take_back(filled(path, [GOOD, GOOD, BAD, GOOD | {"judgement": "cannot tell"}]), package)
    visits, everything = tally(load(package)).to_dict("records")
    assert [visits[name] for name in ("judgements", "held", "wrong", "cannot_tell", "changed_since")] == [
        4,
        2,
        1,
        1,
        0,
    ]
    assert (
        everything["table"] == "All tables"
        and 0.06 < visits["wrong_at_least"] < 0.07 < 0.79 < visits["wrong_at_most"] < 0.8
    )
    target = package / "record" / "visits.csv"
    first = load(package).reviews["unit"].iloc[0]
    row = next(line for line in target.read_text("utf-8").splitlines() if line.startswith(first + ","))
    target.write_text(target.read_text("utf-8").replace(row, row.replace(",held,", ",postponed,")), "utf-8")
    assert tally(load(package)).iloc[0]["changed_since"] in (0, 1)


def test_the_interval_is_that_of_wilson():
    assert [round(end, 3) for end in wilson(0, 60)] == [0.0, 0.06]
    assert [round(end, 3) for end in wilson(1, 10)] == [0.018, 0.404]
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_commands_say_what_they_did(package, tmp_path, capsys):
    path, _ = sheet(package, tmp_path, 20, 3)
    assert main(["review-in", str(filled(path, [GOOD])), "--data", str(package)]) == 0
    assert "1 judgement taken" in capsys.readouterr().out
    assert main(["review-in", str(filled(path, [GOOD | {"judgement": "no"}])), "--data", str(package)]) == 1
    assert "Nothing was taken" in capsys.readouterr().err


def test_no_review_is_invented_in_the_data_of_the_project():
    assert load(DATA).reviews.empty or load(DATA).reviews["reviewer"].ne("").all()
