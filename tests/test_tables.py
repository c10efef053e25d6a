"""Reading a data package: typed columns of which none is missing, and what was known by a date."""

import copy
import json
import pickle
import urllib.request

import pandas as pd
import pytest

from compendium import description
from compendium.periods import parse
from compendium.tables import Code, attested, includes, load, typed

SCHEMA = description.schema()


def keys(t, name):
    """First column of a table: its keys."""
    return list(t[name].iloc[:, 0])


def resource(descriptor, name):
    return next(one for one in descriptor["resources"] if one["name"] == name)


def test_tables_of_the_package_come_first_and_none_of_the_project_is_missing(package):
    t = load(package)
    described = [one["name"] for one in json.loads((package / "datapackage.json").read_text())["resources"]]
    assert list(t)[: len(described)] == described
    assert set(t) == {one["name"] for one in SCHEMA["resources"]}
    assert keys(t, "themes") == ["x-rays", "agriculture"]  # rows in the order of the file
    assert t.publications.empty and t["publications"] is t.publications
    with pytest.raises(AttributeError, match="no table 'visit'"):
        t.visit  # noqa: B018
    with pytest.raises(TypeError):
        t["terms"] = pd.DataFrame()


def test_an_empty_package_has_every_column_as_a_full_one_has_it():
    empty, full = typed({"resources": []}, {}), load(description.PROJECT / "data")
    for name, frame in full.items():
        assert list(empty[name].columns) == list(frame.columns) and empty[name].empty
        kinds = [{one: str(dtype) for one, dtype in t[name].dtypes.items()} for t in (empty, full)]
        assert kinds[0] == kinds[1], name
    assert empty.assessment is None and pd.isna(empty.assessed) and empty.mandate == "mandate"


def test_columns_are_typed_by_their_description(package):
    documents = load(package).documents.set_index("document_id")
    assert documents["session"].dtype == "Int64"
    assert list(documents["session"][["a-hrc-2-2", "a-hrc-3-3"]].isna()) == [False, True]
    assert documents.loc["a-hrc-2-2", "unverified_fields"] == ["holder_id", "kind"]
    assert documents.loc["a-hrc-1-1", "unverified_fields"] == []
    assert documents.loc["study-2012", "symbol"] == "" and pd.isna(documents.loc["study-2012", "holder_id"])
    assert documents.loc["a-hrc-1-1", "title"] == 'First report: "M" and its limits'
    assert list(documents["sure"]) == [True, True, True, True, False]
    assert list(documents["line"]) == [2, 3, 4, 5, 6]


def test_a_date_brings_the_first_and_the_last_day_that_it_can_mean(package):
    documents = load(package).documents
    assert list(documents["date"][1:3]) == [None, parse("2004-07")]
    days = documents[["date_from", "date_to", "known_from", "known_to"]].astype(str).fillna("").to_numpy()
    assert list(days[2]) == ["2004-07-01", "2004-07-31"] * 2
    assert list(days[1]) == ["", "", "2002-01-01", "2002-12-31"]  # known by `listed_year`, for want of a date


def test_text_that_looks_like_something_else_stays_text(package, edit):
    edit("record/documents.csv", "Joint study", "NA")
    edit("record/documents.csv", "Annual report", "=1+1")
    edit("record/documents.csv", "symbol not established", "007")
    documents = load(package).documents
    assert list(documents["title"][[1, 4]]) == ["=1+1", "NA"] and documents["note"][4] == "007"


@pytest.mark.parametrize("date", ["07/03/1990", "1990-02-30", "1990-3"])
def test_a_spoilt_date_is_an_error(package, edit, date):
    edit("record/documents.csv", "2004-07", date)
    with pytest.raises(ValueError, match=date):
        load(package)


def test_codes_are_plain_text_with_a_label_in_the_order_of_their_vocabulary(package, edit):
    edit("vocabularies.csv", "term_event,appointed,1,", "term_event,appointed,10,")
    t = load(package)
    assert t.codes("term_event") == ["took_office", "left_office", "appointed"]
    assert t.labels("term_event")["left_office"] == "left office"
    assert list(t.terms["event"].cat.categories) == t.codes("term_event")
    assert t.terms["event"].max() == "appointed" and (t.terms["event"] == "appointed").sum() == 1
    assert [(one.label, one.place) for one in t.codes("holders")] == [("A", 0), ("B", 1), ("C", 2), ("D", 3)]
    with pytest.raises(KeyError):
        t.codes("term_events")


def test_labels_outlive_what_pandas_does_with_a_column(package):
    t = load(package)
    merged = t.documents.merge(t.holders, on="holder_id", how="right")
    counted = t.documents.groupby("holder_id", observed=False).size().reset_index()
    joined = pd.concat([t.documents, t.visits], ignore_index=True)
    exploded = t.exploded(t.challenges, "asked_of", "actor")
    for column in (merged["holder_id"], counted["holder_id"], joined["holder_id"], exploded["asked_of"]):
        assert all(isinstance(one, Code) and one.label for one in column.dropna()) and column.cat.ordered
    assert list(counted["holder_id"]) == t.codes("holders") and len(exploded) == 2
    assert t.challenges["asked_of"][0][1].label == "mandate holder"
    assert t.visits["report_symbol"][2] == "A/HRC/3/3"  # refers to a symbol, which is no key


@pytest.mark.parametrize("again", [copy.deepcopy, lambda code: pickle.loads(pickle.dumps(code))])
def test_a_copy_of_a_code_has_its_label(again):
    code = again(Code("held", "held as planned", 2))
    assert (code, code.label, code.place) == ("held", "held as planned", 2)


def test_a_package_without_vocabularies_has_the_codes_that_it_uses(package):
    (package / "vocabularies.csv").write_text("vocabulary,code,ordinal,label,description\n")
    t = load(package)
    assert t.labels("visit_outcome") == {"held": "held", "moved": "moved"}
    assert t.labels("actor")["mandate_holder"] == "mandate holder" and t.codes("claim_check") == []


def test_what_a_package_leaves_out_is_empty_and_what_it_adds_is_kept(package, describe):
    def change(descriptor):
        descriptor["resources"] = [one for one in descriptor["resources"] if one["name"] != "visits"]
        terms = resource(descriptor, "terms")["schema"]
        terms["fields"] = [one for one in terms["fields"] if one["name"] != "holder_id"]
        terms["foreignKeys"] = []  # as for any column that a package describes in its own way
        columns = [{"name": "place", "type": "string", "title": "Where"}, {"name": "who", "type": "string"}]
        link = {"fields": "who", "reference": {"resource": "holders", "fields": "holder_id"}}
        lost = {"fields": "place", "reference": {"resource": "nowhere", "fields": "place"}}
        schema = {"fields": columns, "primaryKey": "place", "foreignKeys": [link, lost]}
        descriptor["resources"].append({"name": "places", "path": "places.csv", "schema": schema})

    describe(change)
    path = package / "record" / "terms.csv"
    pd.read_csv(path, dtype=str).drop(columns="holder_id").to_csv(path, index=False)
    (package / "places.csv").write_text("place,who\nGeneva,holder-b\nParis,holder-x\n")
    t = load(package, "2024")
    assert t.visits.empty and t.terms["holder_id"].isna().all()
    assert t.terms["holder_id"].dtype == t.holders["holder_id"].dtype
    assert [one.label for one in t.places["who"]] == ["B", "holder-x"]  # who is nowhere stands for themself
    assert t.heading("place") == "Where" and "who" in t.places


def test_what_is_attested_is_confirmed_and_not_open(package):
    t = load(package)
    assert list(attested(t.documents, "holder_id")) == [True, False, True, True, False]
    assert list(includes(t.resolutions["action"], "created")) == [
        "created" in one for one in t.resolutions["action"]
    ]
    assert not includes(t.publications["source_ids"], "x").any() and attested(t.publications, "date").empty


def test_headings_are_those_of_the_codebook_nearest_to_the_columns_beside(package, describe):
    def change(descriptor):
        for name in ("documents", "sources"):
            description.fields(resource(descriptor, name))["title"]["title"] = f"Title of {name}"

    describe(change)
    t = load(package)
    assert t.heading("title", ["document_id", "symbol"]) == "Title of documents"
    assert t.heading("title", ["publisher", "url"]) == "Title of sources"
    assert t.heading("ordinal", ["label"]) and t.heading("days_between") == "Days between"


def test_what_the_package_says_of_itself_is_at_hand(package):
    t = load(package)
    assert t.mandate == t.descriptor["title"] == "Mandate M"
    assert t.field("terms", "date")["description"].startswith("Date")
    counts = t.counts().set_index("table")
    assert list(counts.loc["documents"]) == ["Documents of the mandate", 5, "record"]
    assert list(counts["kind"][["vocabularies", "passages"]]) == ["vocabulary", "coding"]


@pytest.mark.parametrize(
    "path", ["../x.csv", "/etc/passwd", "C:\\x.csv", "https://example.org/x.csv", "~/x.csv", "a\0b"]
)
def test_only_files_of_the_folder_are_read(package, describe, path, monkeypatch):
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: pytest.fail("an address was fetched"))
    monkeypatch.setenv("HOME", str(package))
    (package / "x.csv").write_text("a\n")
    describe(lambda descriptor: descriptor["resources"][1].update(path=path))
    with pytest.raises((ValueError, FileNotFoundError), match=r"leaves the folder|is an address|~/x\.csv"):
        load(package)


# --- as of a date ---


@pytest.mark.parametrize("as_of", ["31/05/2015", "2015-02-30", "yesterday"])
def test_a_date_that_is_none_is_refused(package, as_of):
    with pytest.raises(ValueError, match=r"is not a date of the form|does not exist"):
        load(package, as_of)


def test_rows_dated_later_are_left_out(package):
    t = load(package, "2004-06")
    assert t.until == t.as_of == parse("2004-06") and t.today == pd.Timestamp("2004-06-30")
    assert keys(t, "resolutions") == ["m-1", "m-2"]
    assert keys(t, "documents") == ["a-hrc-1-1", "a-hrc-2-2"]  # one by `listed_year`, for want of a date
    assert "a-took-office-2" not in keys(t, "terms") and list(t.terms.index) == list(range(len(t.terms)))
    assert t.codes("holders") == load(package).codes("holders")  # so each keeps their colour


@pytest.mark.parametrize(("as_of", "known"), [("2004", True), ("2004-07-01", True), ("2004-06-30", False)])
def test_a_row_is_known_once_its_date_has_begun(package, as_of, known):
    assert ("a-hrc-3-3" in keys(load(package, as_of), "documents")) is known


def test_what_must_refer_to_what_was_left_out_goes_with_it_and_other_references_are_emptied(package):
    t = load(package, "2010")
    assert list(t.document_themes["document_id"]) == ["a-hrc-1-1"]
    citation = t.citations.set_index("citation_id").loc["c-body-p1-1"]
    assert pd.isna(citation["document_id"]) and citation["pinpoint"]
    assert len(t.passages) == 5  # undated: all stay
    visits = load(package, "2004-07-02").visits.set_index("visit_id")
    assert visits.loc["country-b-2004", "report_symbol"] == "A/HRC/3/3"


@pytest.mark.parametrize(("as_of", "known"), [("2010-07", "abd"), ("2010-08", "abcd"), ("1997", "d")])
def test_a_holder_is_known_from_the_first_statement_on(package, as_of, known):
    t = load(package, as_of)
    assert keys(t, "holders") == [f"holder-{one}" for one in known]  # of D nothing dated is stated
    assert set(t.documents["holder_id"].dropna()) | set(t.method_evidence["holder_id"].dropna()) <= set(
        keys(t, "holders")
    )


def test_what_never_was_there_leaves_nothing_out(package, edit):
    edit("coding/passages.csv", "fn02,body,5,footnote,body-p1,", "fn02,body,5,footnote,body-p9,")
    assert load(package, "2010").passages["called_in"][4] == "body-p9"


def test_lists_lose_what_was_left_out_and_rows_go_when_nothing_is_left(package, describe):
    describe(lambda descriptor: resource(descriptor, "sources").update(asOf="date"))
    terms = load(package, "2012").terms.set_index("term_statement_id")
    assert "a-took-office-handbook" not in terms.index  # its one source is of 2013
    assert terms.loc["b-took-office", "source_ids"] == ["assessment-m", "un-a-hrc-1-1"]
    assert terms.loc["c-took-office", "source_ids"] == []  # had none before
    terms = load(package, "2011").terms.set_index("term_statement_id")
    assert terms.loc["b-took-office", "source_ids"] == ["un-a-hrc-1-1"]


def test_long_before_the_mandate_tables_are_empty_and_still_typed(package):
    t = load(package, "1900")
    assert t.documents.empty and t.documents.dtypes.equals(load(package).documents.dtypes)
    assert len(t.vocabularies) == len(load(package).vocabularies)


@pytest.mark.parametrize(("as_of", "read"), [("2011-12-31", False), ("2012-01-01", True), (None, True)])
def test_a_coding_is_dated_as_the_assessment_that_it_reads(package, describe, as_of, read):
    describe(lambda descriptor: descriptor["mandate"].update(assessment="assessment-m"))
    t = load(package, as_of)
    assert len(t.citations) == (5 if read else 0) and len(t.holders) == 4
    assert t.assessment["publisher"] == "Institute M" and t.compared_until == t.assessed == pd.Timestamp(
        "2012-12-31"
    )
