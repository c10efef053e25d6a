"""Reading a data package: typed columns, vocabularies, and what was known by a date."""

import json

import pandas as pd
import pytest

from compendium.legacy_tables import load
from compendium.periods import parse


def keys(tables, name):
    """First column of a table: its keys."""
    return list(tables[name].iloc[:, 0])


def test_tables_come_in_the_order_of_the_description_and_rows_in_that_of_the_file(package):
    tables = load(package)
    described = json.loads((package / "datapackage.json").read_text())["resources"]
    assert list(tables) == [table["name"] for table in described]
    assert len(tables) == len(described)
    assert keys(tables, "themes") == ["x-rays", "agriculture"]


def test_a_table_without_a_file_is_absent(package):
    (package / "record" / "events.csv").unlink()
    tables = load(package)
    assert "events" not in tables and "terms" in tables
    with pytest.raises(KeyError):
        tables["events"]


def test_nothing_can_be_put_into_the_tables(package):
    with pytest.raises(TypeError):
        load(package)["terms"] = pd.DataFrame()


def test_columns_are_typed_by_their_description(package):
    documents = load(package)["documents"].set_index("document_id")
    assert documents["session"].dtype == "Int64"
    assert list(documents["session"][["a-hrc-2-2", "a-hrc-3-3"]].isna()) == [False, True]
    assert documents.loc["a-hrc-3-3", "date"] == parse("2004-07")
    assert documents.loc["a-hrc-2-2", "date"] is None
    assert documents.loc["a-hrc-2-2", "unverified_fields"] == ["holder_id", "kind"]
    assert documents.loc["a-hrc-1-1", "unverified_fields"] == []
    assert documents.loc["study-2012", "symbol"] == ""
    assert documents.loc["a-hrc-1-1", "title"] == 'First report: "M" and its limits'


def test_text_that_looks_like_something_else_stays_text(package, edit):
    edit("record/documents.csv", "Joint study", "NA")
    edit("record/documents.csv", "Annual report", "=1+1")
    edit("record/documents.csv", "symbol not established", "007")
    documents = load(package)["documents"]
    assert list(documents["title"][[1, 4]]) == ["=1+1", "NA"] and documents["note"][4] == "007"


def test_vocabularies_have_an_order_of_their_own(package, edit):
    edit("vocabularies.csv", "term_event,appointed,1,", "term_event,appointed,9,")
    tables = load(package)
    assert tables.codes("term_event") == ["took_office", "left_office", "appointed"]
    assert tables.labels("term_event")["left_office"] == "left office"
    with pytest.raises(KeyError, match="no vocabulary 'term_events'"):
        tables.labels("term_events")


def test_the_description_is_at_hand(package):
    tables = load(package)
    assert tables.descriptor["title"] == "Mandate M"
    assert tables.field("terms", "date")["description"].startswith("Date")
    with pytest.raises(KeyError):
        tables.field("terms", "day")


def test_counts_tell_records_codings_and_vocabularies_apart(package):
    counts = load(package).counts().set_index("table")
    assert list(counts.columns) == ["title", "rows", "kind"]
    assert list(counts.loc["documents"]) == ["Documents of the mandate", 5, "record"]
    assert list(counts["kind"][["vocabularies", "passages"]]) == ["vocabulary", "coding"]


@pytest.mark.parametrize(
    "path", ["../outside.csv", "/etc/passwd", "C:\\x.csv", "https://example.org/x.csv", "a\0b"]
)
def test_a_path_that_leaves_the_folder_is_refused(package, describe, path):
    describe(lambda descriptor: descriptor["resources"][1].update(path=path))
    with pytest.raises(ValueError, match=r"leaves the folder|is an address"):
        load(package)


def test_without_a_date_everything_is_known(package):
    assert load(package).as_of is None
    assert len(load(package)["documents"]) == 5


@pytest.mark.parametrize("as_of", ["31/05/2015", "2015-02-30", "yesterday"])
def test_a_date_that_is_none_is_refused(package, as_of):
    with pytest.raises(ValueError, match=r"is not a date of the form|does not exist"):
        load(package, as_of)


def test_rows_dated_later_are_left_out(package):
    tables = load(package, "2004-06")
    assert tables.as_of == parse("2004-06")
    assert keys(tables, "resolutions") == ["m-1", "m-2"]
    assert keys(tables, "documents") == ["a-hrc-1-1", "a-hrc-2-2"]  # one by `listed_year`, for want of a date
    assert "a-took-office-2" not in keys(tables, "terms")
    assert list(tables["terms"].index) == list(range(len(tables["terms"])))


@pytest.mark.parametrize(
    ("as_of", "known"), [("2004", True), ("2004-07", True), ("2004-07-01", True), ("2004-06-30", False)]
)
def test_a_row_is_known_once_its_date_has_begun(package, as_of, known):
    assert ("a-hrc-3-3" in keys(load(package, as_of), "documents")) is known


def test_rows_that_refer_to_what_was_left_out_go_with_it(package):
    tables = load(package, "2010")
    assert "a-hrc-4-4" not in keys(tables, "documents")
    assert list(tables["document_themes"]["document_id"]) == ["a-hrc-1-1"]
    assert "c-body-p1-1" not in keys(tables, "citations")  # cites that document
    assert "c-body-p1-2" not in keys(tables, "citations")  # cites an event of 2012
    assert keys(tables, "challenges") == [
        "means"
    ]  # `law` cites the document; its child and grandchild follow
    assert keys(tables, "passages") == [
        "opening-p1",
        "opening-p2",
        "body-p1",
        "fn01",
        "fn02",
    ]  # undated: all stay


def test_a_holder_is_known_from_the_first_statement_on(package):
    assert keys(load(package, "2010-07"), "holders") == ["holder-a", "holder-b", "holder-d"]
    assert keys(load(package, "2010-08"), "holders") == ["holder-a", "holder-b", "holder-c", "holder-d"]
    assert keys(load(package, "1997"), "holders") == ["holder-d"]  # of whom nothing dated is stated


def test_what_refers_to_a_holder_not_yet_in_office_is_left_out(package):
    assert keys(load(package, "2010-08"), "method_evidence") == ["me-1", "me-2", "me-3"]
    assert keys(load(package, "2010-07"), "method_evidence") == ["me-1", "me-3"]


def test_what_never_was_there_leaves_nothing_out(package, edit):
    edit("coding/citations.csv", ",a-hrc-1-1,", ",a-hrc-9-9,")
    assert "c-opening-p2-1" in keys(load(package, "2010"), "citations")


def test_lists_lose_what_was_left_out_and_rows_go_when_nothing_is_left(package, describe):
    def date_the_sources(descriptor):
        [sources] = [table for table in descriptor["resources"] if table["name"] == "sources"]
        sources["asOf"] = "date"

    describe(date_the_sources)
    terms = load(package, "2012")["terms"].set_index("term_statement_id")
    assert "a-took-office-handbook" not in terms.index  # its one source is of 2013
    assert terms.loc["b-took-office", "source_ids"] == ["assessment-m", "un-a-hrc-1-1"]
    assert terms.loc["c-took-office", "source_ids"] == []  # had none before
    terms = load(package, "2011")["terms"].set_index("term_statement_id")
    assert terms.loc["b-took-office", "source_ids"] == ["un-a-hrc-1-1"]


def test_long_before_the_mandate_tables_are_empty_and_still_typed(package):
    tables = load(package, "1900")
    assert tables["documents"].empty and tables["documents"]["session"].dtype == "Int64"
    assert len(tables["vocabularies"]) == len(load(package)["vocabularies"])


def test_a_table_is_had_only_with_rows(package):
    tables = load(package, "1970-01-01")
    assert "documents" in tables and not tables.has("documents")
    assert load(package).has("documents", "terms") and not load(package).has("documents", "no-such-table")


@pytest.mark.parametrize(("as_of", "read"), [("2011-12-31", False), ("2012-01-01", True)])
def test_a_coding_is_dated_as_the_assessment_that_it_reads(package, describe, as_of, read):
    describe(lambda descriptor: descriptor["mandate"].update(assessment="assessment-m"))
    tables = load(package, as_of)
    assert tables.has("citations", "methods") == read
    assert tables.has("documents", "holders")
