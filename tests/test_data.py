"""The real data: what every reader may rely on, beside what `compendium.editing.check` asks of every package."""

import csv
import io
import re

import pytest
import yaml

from compendium.coding import challenge_tree
from compendium.description import links, primary_key
from compendium.editing.check import check, report
from compendium.tables import load
from conftest import TESTS

DATA = TESTS.parent / "data"
# Things to look at that were looked at; a new one should be noticed.
LOOKED_AT: set[tuple[str, str]] = set()  # what the check points at and what is right


@pytest.fixture(scope="module")
def tables():
    return load(DATA)


@pytest.fixture(scope="module")
def record(tables):
    return {name: frame for name, frame in tables.items() if "source_ids" in frame.columns}


def test_the_package_is_sound_and_its_warnings_are_known():
    found = check(DATA)
    assert not found, report(found)
    assert {(warning.id, warning.rule) for warning in found.warnings} == LOOKED_AT


def test_an_unverified_row_claims_no_verified_columns(record):
    for name, frame in record.items():
        unverified = frame[frame["status"] == "unverified"]
        assert (unverified["unverified_fields"].map(len) == 0).all(), name


def test_a_theme_is_confirmed_only_for_a_confirmed_document(tables):
    status = tables["documents"].set_index("document_id")["status"]
    themes = tables["document_themes"]
    resting = themes[themes["status"] == "confirmed"]["document_id"].map(status)
    assert (resting == "confirmed").all()


def test_every_source_is_used(tables, record):
    used = {source for frame in record.values() for sources in frame["source_ids"] for source in sources}
    used |= set(tables["claim_readings"]["source_id"])
    assert set(tables["sources"]["source_id"]) == used


def test_no_confirmed_row_rests_only_on_an_unverified_one(tables):
    """Sources carry no status of their own, so what is left are the rows that another row stands on."""
    holders = tables["holders"].set_index("holder_id")["status"]
    documents = tables["documents"].set_index("symbol")["status"]
    visits = tables["visits"].query("status == 'confirmed'")
    assert (visits["holder_id"].map(holders) == "confirmed").all()
    for visit in visits.itertuples():
        if visit.report_symbol and "report_symbol" not in visit.unverified_fields:
            assert documents[visit.report_symbol] == "confirmed", visit.visit_id


def test_a_confirmed_attribution_has_a_holder_and_a_basis(tables):
    documents = tables["documents"]
    assert ((documents["holder_id"] == "") == (documents["attribution"] == "")).all()
    by_session = documents[documents["attribution"] == "by_session"]
    assert (by_session["note"] != "").all()


@pytest.fixture(scope="module")
def cells(tables):
    """The cells of each table as its file has them, by the key of the row."""

    def rows(resource):
        with (DATA / resource["path"]).open(encoding="utf-8", newline="") as file:
            return {
                "/".join(row[name] for name in primary_key(resource)): row for row in csv.DictReader(file)
            }

    return {resource["name"]: rows(resource) for resource in tables.descriptor["resources"]}


def test_only_a_used_value_has_a_rule(tables):
    differences = tables["differences"]
    assert ((differences["rule"] != "") == differences["drawn"].isin(["yes", "both"])).all()


def test_a_difference_is_numbered_within_its_topic_the_used_value_first(tables):
    for topic, rows in tables["differences"].groupby("topic_id"):
        assert list(rows["difference_id"]) == [f"{topic}-{number}" for number in range(1, len(rows) + 1)]
        assert "yes" not in list(rows["drawn"])[1:], topic


def test_every_day_of_a_visit_counts_in_the_lengths_that_are_used(tables):
    visits = tables["visits"].set_index("visit_id")
    lengths = tables["differences"].query("topic_id.str.endswith('-days') and drawn == 'yes'")
    assert len(lengths)
    for row in lengths.itertuples():
        visit = visits.loc[row.row_id]
        assert (visit["end"] - visit["start"]).n + 1 == int(row.value), row.difference_id


def test_statements_on_terms_of_office_stand_in_their_own_table_only(tables):
    assert "terms" not in set(tables["differences"]["table"])


def test_a_missing_year_of_the_index_is_no_zero(tables):
    assert (tables["uhri_counts"]["records"] > 0).all()


def test_the_version_of_the_data_is_the_one_cited_and_logged(tables):
    version = tables.descriptor["version"]
    cited = yaml.safe_load((DATA.parent / "CITATION.cff").read_text(encoding="utf-8"))["version"]
    logged = (DATA.parent / "CHANGELOG.md").read_text(encoding="utf-8")
    assert cited == version and f"\n## {version} (" in logged


def test_the_examples_of_each_table_follow_one_of_its_rows_and_name_what_exists(tables, cells):
    keys = {name: set(rows) for name, rows in cells.items()}
    for table in tables.descriptor["resources"]:
        examples = {field["name"]: str(field["example"]) for field in table["schema"]["fields"]}
        key = "/".join(examples[name] for name in primary_key(table))
        assert key in keys[table["name"]] or not keys[table["name"]], table["name"]
        for link in links(table):
            named = set(
                filter(None, examples[link.column].split(";") if link.many else [examples[link.column]])
            )
            assert named <= set(tables[link.target][link.target_column]), (table["name"], link.column)


def test_the_guide_to_the_data_has_the_template_row_of_each_table(tables):
    guide = (DATA / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^### (\S+)\n.*?^```\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)
    templates = {path: list(csv.reader(io.StringIO(block))) for path, block in blocks}
    for table in tables.descriptor["resources"]:
        examples = {field["name"]: str(field["example"]) for field in table["schema"]["fields"]}
        assert templates[table["path"]] == [list(examples), list(examples.values())], table["name"]


def test_no_paragraph_is_linked_to_a_challenge_and_to_one_above_it(tables):
    above = challenge_tree(tables).set_index("challenge_id")["above"]
    made = tables["challenge_followthrough"].dropna(subset=["challenge_id", "pinpoint"])
    parts = {(row.item_id, row.challenge_id): set(row.pinpoint.split(";")) for row in made.itertuples()}
    twice = [
        (item, challenge, wider)
        for (item, challenge), places in parts.items()
        for wider in above[challenge]
        if places & parts.get((item, wider), set())
    ]
    assert not twice
