"""Every figure quoted in a notebook's text is the one recomputed from the tables, also as of an earlier date."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from numbers import Integral
from pathlib import Path

import pandas as pd
import pytest

from compendium.periods import FORM, YEARS, end_of, parse, start_of
from conftest import NOTEBOOKS, TESTS

DATA = TESTS.parent / "data"
CODINGS = [
    *("citations", "chronology", "scope", "methods", "method_evidence"),
    *("achievements", "challenges", "agenda", "claims"),
]
DATES = ["2015-05-31", "2008-03-31"]
EARLY = "2008-03-31"  # before the assessment: what is left is the record
FORESEEN = {("01-chronology", "2016-01-01")}  # an anniversary to come, which the assessment itself names
PRINTS = re.compile(r"\n\(svg [0-9a-f]+, png [0-9a-f]+, csv [0-9a-f]+\)$")


def committed(path: Path) -> list[list[str]]:
    """What each code cell of a committed notebook shows as text: sentences, tables, alternatives of figures.

    Left out is what `publish` adds under a figure: the fingerprints of its files and the links to them.
    """
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = []
    for cell in cells:
        if cell["cell_type"] == "code":
            data = [output.get("data", {}) for output in cell["outputs"]]
            shown = ["".join(one.get("text/markdown", one.get("text/plain", ""))) for one in data]
            texts.append([PRINTS.sub("", text) for text in shown if not text.startswith("[CSV]")])
    return texts


def dates(values: Iterable[object]) -> list[date]:
    """The first days of everything in a column that is a date or a year."""
    found = []
    for value in values:
        if isinstance(value, str) and FORM.fullmatch(value):
            found.append(start_of(parse(value)))
        elif isinstance(value, pd.Period):
            found.append(start_of(value))
        elif isinstance(value, Integral) and int(value) in YEARS:
            found.append(date(int(value), 1, 1))
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_text_is_the_one_recomputed_from_the_tables(path, play):
    assert committed(path) == play(path).said


@pytest.mark.parametrize("as_of", [None, *DATES])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_without_a_complaint_or_an_empty_figure(path, as_of, play):
    played = play(path, as_of)
    assert played.complaints == ""
    assert [name for name, data in played.data.items() if data.empty] == []
    assert [name for name, fig in played.figures.items() if not all(ax.has_data() for ax in fig.axes)] == []
    assert all("nan" not in re.findall(r"[A-Za-z]+", text) for cell in played.said for text in cell)


@pytest.mark.parametrize("as_of", DATES)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_later_than_the_date_is_drawn_or_counted(path, as_of, play):
    last = end_of(parse(as_of))
    later = {
        (name, found.isoformat())
        for name, data in play(path, as_of).data.items()
        for column in data.columns
        for found in dates(data[column])
        if found > last
    }
    assert later <= FORESEEN


@pytest.mark.parametrize(
    "name",
    [
        *("01-terms", "01-resolutions", "02-visits", "03-documents-by-year", "03-themes"),
        *("06-parties", "06-index-committee"),
    ],
)
def test_without_the_date_there_is_something_later(name, play):
    [path] = [path for path in NOTEBOOKS if path.stem[:2] == name[:2]]
    data = play(path).data[name]
    assert any(found > end_of(parse(DATES[0])) for column in data.columns for found in dates(data[column]))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_before_the_assessment_nothing_is_said_of_it(path, play):
    said = " ".join(text for cell in play(path, EARLY).said for text in cell if "**Finding.**" in text)
    assert "the assessment cites" not in said and "the assessment gives" not in said.lower()


# --- headline numbers, counted once more with nothing but the csv module ---


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def finds(number: str, words: str) -> bool:
    """Whether a finding of the committed notebook with this number has these words, which begin with a whole word."""
    [path] = [path for path in NOTEBOOKS if path.stem.startswith(number)]
    said = [text for cell in committed(path) for text in cell if "**Finding.**" in text]
    return any(re.search(rf"(?<!\S){re.escape(words)}", text) for text in said)


def test_a_number_is_not_found_as_the_end_of_another():
    assert finds("00", "37 of 39 paragraphs") and not finds("00", "7 of 39 paragraphs")


def test_documents_are_counted_right():
    documents = rows("record/documents.csv")
    sure = [row for row in documents if row["status"] == "confirmed"]
    kinds = Counter(row["kind"] for row in sure if "kind" not in row["unverified_fields"].split(";"))
    assert finds("03", f"{len(sure)} confirmed documents of the mandate as of")
    assert finds("03", f"{len(documents) - len(sure)} unverified ones that are not counted")
    assert finds(
        "03", f"{kinds['thematic']} are thematic reports and {kinds['visit']} reports on country visits"
    )


def test_cited_documents_are_counted_right():
    cited = {row["document_id"] for row in rows("coding/citations.csv")} - {""}
    known = {row["document_id"]: row for row in rows("record/documents.csv")}
    by_then = {
        key
        for key, row in known.items()
        if row["status"] == "confirmed" and (row["date"] or row["listed_year"] + "-12-31") <= "2015-05-31"
    }
    assert finds("03", f"Of {len(cited)} cited documents,")
    assert finds(
        "03",
        f"Of {len(by_then)} confirmed documents dated by 31 May 2015, the assessment cites {len(cited & by_then)} ",
    )


def test_visits_are_counted_right():
    held = [row for row in rows("record/visits.csv") if row["outcome"] == "held"]
    sure = [row for row in held if row["status"] == "confirmed"]
    countries = {row["country"] for row in sure}
    assert finds("02", f"{len(sure)} confirmed visits to {len(countries)} countries")
    assert finds("02", f"{len(held) - len(sure)} more visits are unverified and not counted")


def test_resolutions_are_counted_right():
    resolutions = rows("record/resolutions.csv")
    stated = [
        row["term_years"]
        for row in resolutions
        if row["term_years"] and "term_years" not in row["unverified_fields"].split(";")
    ]
    assert finds("01", f"{len(resolutions)} resolutions and decisions that concern the mandate")
    assert finds("01", f"{len(stated)} state a length; {stated.count('3')} of these say 3 years")
    assert finds("01", f"it is {(date(1990, 3, 7) - date(1989, 11, 20)).days} days.")


def test_challenges_are_counted_right():
    challenges = rows("coding/challenges.csv")
    sourced = Counter(row["cited_document_id"] != "" for row in challenges)
    assert finds("05", f"For {sourced[True]} of {len(challenges)} challenges")
    assert finds("05", f"For {sourced[False]} it gives none")


def test_statements_on_effect_are_counted_right():
    effects = rows("coding/achievements.csv")
    certainties = Counter(row["certainty"] for row in effects)
    assert finds("04", f"Of {len(effects)} statements, {certainties['affirmed']} are stated with emphasis")
    assert finds("04", f"{certainties['withheld']} say that effect cannot be stated")


def test_coded_paragraphs_are_counted_right():
    paragraphs = {row["passage_id"] for row in rows("coding/passages.csv") if row["kind"] == "paragraph"}
    coded = {row["passage_id"] for table in CODINGS for row in rows(f"coding/{table}.csv")}
    assert finds("00", f"{len(paragraphs & coded)} of {len(paragraphs)} paragraphs carry at least one row")


def test_checked_statements_are_counted_right():
    claims = rows("coding/claims.csv")
    with (TESTS.parent / "figures" / "07-verdicts.csv").open(encoding="utf-8", newline="") as file:
        sections = list(csv.DictReader(file))
    drawn = {
        verdict: sum(int(row[verdict]) for row in sections) for verdict in sections[0] if verdict != "section"
    }
    assert sum(drawn.values()) == len(claims)
    decided = len(claims) - drawn["cannot be checked"]
    assert finds("07", f"Of {len(claims)} checkable statements of the assessment, {decided} can be decided.")
    # What the file itself says is a part of what is drawn; the rest is computed.
    typed = Counter(row["verdict"] for row in claims)
    assert typed["computed"] and typed["conflicts"] <= drawn["conflicts"]
    assert finds("07", f"{drawn['conflicts']} statements of {len(claims)} conflict")


def test_sources_read_are_counted_right():
    readings = rows("coding/claim_readings.csv")
    assert finds(
        "07", f"For {len({row['claim_id'] for row in readings})} statements at least one source was read."
    )


def test_unverified_rows_are_counted_right():
    record = {path.name: rows(f"record/{path.name}") for path in (DATA / "record").glob("*.csv")}
    status = [row["status"] for table in record.values() for row in table if "status" in row]
    assert finds("08", f"{status.count('unverified')} of {len(status):,} rows of the record are unverified")


def test_links_and_challenges_without_any_are_counted_right():
    challenges = {row["challenge_id"]: row for row in rows("coding/challenges.csv")}
    links = rows("coding/challenge_followthrough.csv")
    own = {row["challenge_id"] for row in links} - {""}
    above = set()
    for one in own:
        while one := challenges[one]["parent_id"]:
            above.add(one)
    bare = [row for key, row in challenges.items() if key not in own | above]
    kinds = Counter(row["kind"] for row in links)
    assert finds("06", f"{len(own)} of {len(challenges)} challenges are taken up by at least one later item")
    assert finds("06", f"{len(above - own)} more only in narrower challenges below them")
    assert finds("06", f"{kinds['mandate_report']} of {len(links)} links are to reports of the mandate")
    assert bare and finds("06", f"Nothing was found for {len(bare)} challenges:")
    assert all(finds("06", row["label"]) for row in bare)


def test_the_agreement_on_links_is_computed_right():
    judged = [
        row for row in rows("coding/double_coding.csv") if row["coding_table"] == "challenge_followthrough"
    ]
    readers = Counter((row["first"] != "", row["second"] != "") for row in judged)
    both, first, second = readers[True, True], readers[True, False], readers[False, True]
    targets = len(rows("coding/challenges.csv")) + len(rows("coding/agenda.csv"))
    pairs = len(rows("coding/followthrough_items.csv")) * targets
    observed = (pairs - first - second) / pairs
    linking = (both + first) / pairs, (both + second) / pairs
    by_chance = linking[0] * linking[1] + (1 - linking[0]) * (1 - linking[1])
    kappa = (observed - by_chance) / (1 - by_chance)
    assert finds("06", f"Agreement on links is {2 * both / (2 * both + first + second):.2f} ")
    assert finds("06", f"{pairs:,} pairs of an item and a challenge or agenda item")
    assert finds("06", f"Cohen's kappa is {kappa:.2f}. Of {first + second} links that only one reader made")


def test_the_time_to_the_first_item_is_counted_right():
    """The assessment may be as old as 1 May 2015; what lies within two years of that day surely does."""
    links = rows("coding/challenge_followthrough.csv")
    dated = [
        row for row in links if row["challenge_id"] and "date" not in row["unverified_fields"].split(";")
    ]
    first_of_may = date(2015, 5, 1)
    surely = {
        row["challenge_id"] for row in dated if (end_of(parse(row["date"])) - first_of_may).days <= 2 * 365.25
    }
    assert finds(
        "06",
        f"Of {len({row['challenge_id'] for row in dated})} challenges with a dated item, {len(surely)} had",
    )


def test_what_holders_took_up_is_counted_right():
    holder_of = {row["document_id"]: row["holder_id"] for row in rows("record/documents.csv")}
    names = {row["holder_id"]: row["short_name"] for row in rows("record/holders.csv")}
    taken: dict[str, set[str]] = {}
    for row in rows("coding/challenge_followthrough.csv"):
        if row["document_id"] and row["challenge_id"]:
            taken.setdefault(names[holder_of[row["document_id"]]], set()).add(row["challenge_id"])
    assert len(taken) > 1
    assert all(finds("06", f"{name} took up {len(found)} challenges in") for name, found in taken.items())


def test_records_of_the_committee_under_the_protocol_are_counted_right():
    index = {(row["body"], int(row["year"])): int(row["records"]) for row in rows("record/uhri_counts.csv")}
    for years in (range(2007, 2015), range(2016, 2026)):
        held = [year for year in years if ("crc-op-sc", year) in index]
        ours = sum(index["crc-op-sc", year] for year in held)
        all_of_them = sum(
            index.get((body, year), 0) for body in ("crc", "crc-op-sc", "crc-op-ac") for year in held
        )
        under = "of the Committee under the Optional Protocol on the sale of children"
        assert finds("06", f"{ours:,} records {under}, {ours / len(held):.0f} a year")
        share = f"{ours / all_of_them:.0%} of what it holds for the Committee"
        assert finds("06", f"in {len(held)} of {len(years)} years that have a row, {share}")


def test_parties_to_the_protocol_are_counted_right():
    attested = {
        int(row["year"]): int(row["parties"])
        for row in rows("record/treaty_parties.csv")
        if row["treaty"] == "OPSC" and row["status"] == "confirmed" and not row["unverified_fields"]
    }
    before, last = max(year for year in attested if year < 2015), max(attested)
    assert finds(
        "06", f"{attested[before]} States parties at the end of {before} and {attested[last]} in {last}"
    )
