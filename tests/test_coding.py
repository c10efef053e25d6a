"""The coding of the assessment: fingerprints, coverage, agreement of the two passes, and what the tables promise."""

from pathlib import Path

import pandas as pd
import pytest

from compendium.coding import (
    ROW,
    agreement,
    as_tree,
    challenge_tree,
    coverage,
    fingerprint,
    kappa,
    normalised_words,
    verify_source,
)
from compendium.legacy_tables import load
from compendium.periods import end_of, start_of

DATA = Path(__file__).parents[1] / "data"
MADE_UP = """1. Heading

The first paragraph calls a note
2
 and goes on after it, for the year 1990.

                                        
2
 A note of the year 2001, see A/HRC/1/1.
 Another page begins here, with the second paragraph.
"""


def test_words_lose_case_marks_and_calls_of_footnotes_but_keep_numbers():
    assert normalised_words("The Rapporteur’s report,\n7\n of 1990.") == [
        "the",
        "rapporteurs",
        "report",
        "of",
        "1990",
    ]
    assert normalised_words("mandate holders2 since") == ["mandate", "holders", "since"]
    assert normalised_words("UN Doc. E/CN.4/2001/78") == ["un", "doc", "e", "cn", "4", "2001", "78"]


def test_fingerprint_depends_on_words_and_their_order():
    assert fingerprint(["a", "b"]) == fingerprint(["a", "b"])
    assert fingerprint(["a", "b"]) != fingerprint(["b", "a"])
    assert fingerprint(["ab"]) != fingerprint(["a", "b"])


@pytest.fixture
def source(package, tmp_path):
    """A package whose passages fingerprint a made-up text, and the text; a footnote interrupts the first paragraph."""
    passages = {
        "one-p1": ("paragraph", "The first paragraph calls a note and goes on after it, for the year 1990."),
        "one-p2": ("paragraph", "Another page begins here, with the second paragraph."),
        "fn02": ("footnote", "A note of the year 2001, see A/HRC/1/1."),
    }
    lines = ["passage_id,section,position,kind,called_in,words,sha256,uncoded_reason"]
    for position, (key, (kind, text)) in enumerate(passages.items(), 1):
        words = normalised_words(text)
        lines.append(f"{key},one,{position},{kind},,{len(words)},{fingerprint(words)},")
    (package / "coding").mkdir(exist_ok=True)
    (package / "coding" / "passages.csv").write_text("\n".join(lines) + "\n")
    copy = tmp_path / "copy.txt"
    copy.write_text(MADE_UP)
    return package, copy


def test_a_faithful_copy_verifies_although_a_footnote_stands_in_a_paragraph(source):
    package, copy = source
    assert verify_source(copy, package) == []


def test_each_passage_that_differs_is_named(source):
    package, copy = source
    copy.write_text(MADE_UP.replace("1990", "1991").replace("2001", "2002"))
    assert [message.split(":")[0] for message in verify_source(copy, package)] == ["fn02", "one-p1"]


def test_wording_that_was_carried_over_from_the_copy_is_named(source):
    package, copy = source
    sentence = "a statement of the text that somebody took over word by word into the tables"
    copy.write_text(f"{MADE_UP} Here is {sentence}.\n")
    (package / "coding" / "passages.csv").write_text(
        (package / "coding" / "passages.csv").read_text().replace(",,", f',"{sentence}",', 1)
    )
    [message] = verify_source(copy, package)
    assert message.startswith("passages one-p1, called_in") and "statement of the text" in message


def test_coverage_counts_rows_a_paragraph():
    tables = {
        "passages": pd.DataFrame(
            {
                "passage_id": ["a-p1", "a-p2", "fn01"],
                "section": ["a", "a", "a"],
                "kind": ["paragraph", "paragraph", "footnote"],
                "uncoded_reason": ["", "Signposting.", ""],
            }
        ),
        "claims": pd.DataFrame({"passage_id": ["a-p1", "a-p1", "fn01"]}),
    }
    assert list(coverage(tables, ["claims"])["claims"]) == [2, 0]


def test_a_tree_has_each_challenge_before_those_below_it_and_says_what_stands_above():
    rows = [("root", ""), ("second", ""), ("late", "root"), ("leaf", "early"), ("early", "root")]
    tree = as_tree(pd.DataFrame(rows, columns=["challenge_id", "parent_id"]))
    assert list(tree["challenge_id"]) == ["root", "late", "early", "leaf", "second"]
    assert list(tree["depth"]) == [0, 1, 1, 2, 0]
    assert list(tree["above"])[3] == ["root", "early"]


def test_challenges_from_other_parts_stand_last_and_are_known():
    tables = {
        "sections": pd.DataFrame({"section_id": ["start", "challenges", "more"], "part": ["3", "4", "4"]}),
        "passages": pd.DataFrame({"passage_id": ["s-p1", "m-p1"], "section": ["start", "more"]}),
        "challenges": pd.DataFrame(
            [("b", "", 2, "m-p1"), ("a", "", 1, "s-p1"), ("c", "b", 3, "m-p1")],
            columns=["challenge_id", "parent_id", "ordinal", "passage_id"],
        ),
    }
    tree = challenge_tree(tables)
    assert list(tree["challenge_id"]) == ["b", "c", "a"]
    assert list(tree["outside"]) == [False, False, True]  # most of them stand in part 4
    assert not challenge_tree({"challenges": tables["challenges"]})["outside"].any()


def test_kappa_is_one_for_full_agreement_and_near_zero_for_chance():
    assert kappa(pd.Series(["a", "b"]), pd.Series(["a", "b"])) == 1
    assert kappa(pd.Series(["a", "a", "b", "b"]), pd.Series(["a", "b", "a", "b"])) == 0
    assert pd.isna(kappa(pd.Series(["a"]), pd.Series(["a"])))


def test_agreement_counts_rows_and_values_apart():
    judged = pd.DataFrame(
        [
            ("t", "u1", ROW, "coded", "coded"),
            ("t", "u1", "strength", "cited", "asserted"),
            ("t", "u1", "kind", "date", "date"),
            ("t", "u2", ROW, "coded", ""),
            ("t", "u3", ROW, "", "coded"),
            ("t", "u4", ROW, "", ""),
        ],
        columns=["coding_table", "unit", "variable", "first", "second"],
    )
    row = agreement(judged).iloc[0]
    assert (row.both, row.first_only, row.second_only) == (1, 1, 1)  # the row that neither had does not count
    assert row.rows_agreed == 0.5
    assert (row["values"], row.values_equal) == (2, 1)


class TestRealCoding:
    """What the coding of the assessment promises its readers."""

    def test_all_paragraphs_and_footnotes_are_there(self, tables):
        passages = tables["passages"]
        per_section = passages.query("kind == 'paragraph'").groupby("section").size()
        expected = tables["sections"].set_index("section_id")["paragraphs"]
        assert per_section.to_dict() == expected.to_dict()
        footnotes = list(passages.query("kind == 'footnote'")["passage_id"])
        assert footnotes == [f"fn{number:02d}" for number in range(1, len(footnotes) + 1)]

    def test_every_paragraph_has_a_coding_or_a_reason(self, tables):
        codings = [
            name
            for name in tables
            if "passage_id" in tables[name].columns and name not in ("passages", "double_coding")
        ]
        covered = coverage(tables, codings)
        has_rows = covered[codings].sum(axis=1) > 0
        assert (has_rows != (covered["uncoded_reason"] != "")).all()

    def test_every_citation_points_to_exactly_one_thing(self, tables):
        targets = tables["citations"][["document_id", "resolution_id", "event_id", "other"]]
        assert ((targets != "").sum(axis=1) == 1).all()

    def test_every_footnote_that_cites_has_a_citation(self, tables):
        silent = {"fn01", "fn02", "fn03"}  # thanks, the list of holders, a remark: they cite nothing
        footnotes = set(tables["passages"].query("kind == 'footnote'")["passage_id"])
        assert footnotes - set(tables["citations"]["footnote"]) == silent

    def test_a_footnote_is_called_in_the_paragraph_of_the_row(self, tables):
        called_in = tables["passages"].set_index("passage_id")["called_in"]
        for name in tables:
            if "footnote" in tables[name].columns:
                rows = tables[name][tables[name]["footnote"] != ""]
                assert (rows["footnote"].map(called_in) == rows["passage_id"]).all(), name

    def test_settled_values_are_those_of_the_tables(self, tables):
        keys = {name: table["schema"]["primaryKey"][0] for name, table in resources(tables).items()}
        for name, judged in tables["double_coding"].groupby("coding_table"):
            rows = tables[name].set_index(keys[name])
            for judgement in judged.itertuples():
                if judgement.variable == ROW:
                    assert (judgement.unit in rows.index) == (judgement.settled != ""), judgement
                elif judgement.unit in rows.index:
                    value = rows.loc[judgement.unit, judgement.variable]
                    text = ";".join(value) if isinstance(value, list) else "" if value is None else str(value)
                    assert text == judgement.settled, judgement

    def test_every_judgement_on_which_not_all_agree_has_a_reason(self, tables):
        judged = tables["double_coding"]
        agree = (judged["first"] == judged["second"]) & (judged["second"] == judged["settled"])
        agree &= (judged["variable"] != ROW) | (judged["settled"] != "")  # of an earlier reading, not kept
        assert (agree == (judged["reason"] == "")).all()

    def test_a_link_is_to_a_challenge_or_to_the_agenda_and_its_key_says_which(self, tables):
        links = tables["challenge_followthrough"]
        assert ((links["challenge_id"] == "") != (links["agenda_id"] == "")).all()
        targets = links["challenge_id"] + links["agenda_id"]
        assert list(links["followthrough_id"]) == list(links["item_id"] + "-" + targets)

    def test_a_link_has_the_date_of_its_row_of_the_record_or_the_year_of_its_session(self, tables):
        keys = {"document_id": "documents", "event_id": "events", "publication_id": "publications"}
        rows = {column: tables[table].set_index(column) for column, table in keys.items()}
        resting = 0
        for link in tables["challenge_followthrough"].to_dict("records"):
            for column in keys:
                if link[column]:
                    row = rows[column].loc[link[column]]
                    printed = row["date"] if row["date"] is not None else row["listed_year"]
                    assert (link["date"], link["status"]) == (printed, row["status"]), link[
                        "followthrough_id"
                    ]
                    resting += 1
        assert resting

    def test_links_are_later_than_the_assessment_and_short(self, tables):
        [written] = tables["sources"].query("kind == 'assessment'")["date"]
        links = tables["challenge_followthrough"]
        assert all(start_of(date) > end_of(written) for date in links["date"])
        assert all(len(how.split()) <= 12 for how in links["how"])

    def test_every_link_was_judged_twice_for_items_that_were_considered(self, tables):
        judged = tables["double_coding"].query("coding_table == 'challenge_followthrough'")
        targets = [*tables["challenges"]["challenge_id"], *tables["agenda"]["agenda_id"]]
        considered = [
            f"{item}-{target}" for item in tables["followthrough_items"]["item_id"] for target in targets
        ]
        assert len(considered) == len(set(considered))
        assert (
            set(tables["challenge_followthrough"]["followthrough_id"])
            <= set(judged["unit"])
            <= set(considered)
        )

    def test_every_item_that_is_a_report_of_the_mandate_is_a_confirmed_document(self, tables):
        links = tables["challenge_followthrough"]
        assert ((links["kind"] == "mandate_report") == (links["document_id"] != "")).all()


def resources(tables):
    return {resource["name"]: resource for resource in tables.descriptor["resources"]}


@pytest.fixture(scope="module")
def tables():
    return load(DATA)
