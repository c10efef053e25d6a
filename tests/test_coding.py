"""The coding of the assessment: fingerprints, coverage, agreement of the two passes, and what the tables promise."""

from pathlib import Path

import pandas as pd
import pytest

from compendium.coding import (
    ROW,
    agreement,
    challenge_tree,
    coverage,
    fingerprint,
    kappa,
    normalised_words,
    verify_source,
)
from compendium.tables import load, typed

DATA = Path(__file__).parents[1] / "data"
MADE_UP = """1. Heading

The first paragraph calls a note
2
 and goes on after it, for the year 1990.

                                        
2
 A note of the year 2001, see A/HRC/1/1.
 Another page begins here, with the second paragraph.
"""


def tables_of(**rows):
    """Tables in memory: of each a list of columns, separated by blanks, and rows."""
    frames = {
        name: pd.DataFrame(rows, columns=columns.split(), dtype=str)
        for name, (columns, *rows) in rows.items()
    }
    return typed({"resources": []}, frames)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Rapporteur’s report,\n7\n of 1990.", "the rapporteurs report of 1990"),
        ("mandate holders2 since", "mandate holders since"),
        ("UN Doc. E/CN.4/2001/78", "un doc e cn 4 2001 78"),
        # What other programs make of the same page:
        ("holders\u00b2 since\n\u00b2\n1990", "holders since 1990"),
        ("exploi\u00adtation \ufeffand\u2060 exploi\u200btation", "exploitation and exploitation"),
        ("exploi-\ntation, exploi\u00ad\n  \n tation", "exploitation exploitation"),
        ("exploi¬\r\ntation, exploi\u2010 \n\ftation", "exploitation exploitation"),
        ("in\u00adfor\u00ad\nmation for the information", "information for the information"),
        ("with-\nin it, with and in, within", "within it with and in within"),
        ("a follow-\nup; to follow, and up", "a follow up to follow and up"),
        ("de Boer-\nBuquicchio (1994-\n2001)", "de boer buquicchio 1994 2001"),
        ("M\u02bcjid M\u2032jid M\u00b4jid M\uff07jid M\u2018jid M`jid M\u201bjid", "mjid " * 7),
        ("traf\ufb01cking, re\u0301gime, r\u00e9gime", "trafficking régime régime"),
    ],
)
def test_words_lose_case_marks_and_calls_of_footnotes_whatever_program_extracted_them(text, words):
    assert normalised_words(text) == words.split()


def test_fingerprint_depends_on_words_and_their_order():
    assert fingerprint(["a", "b"]) == fingerprint(["a", "b"])
    assert len({fingerprint(["a", "b"]), fingerprint(["b", "a"]), fingerprint(["ab"])}) == 3


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
        lines.append(f"{key},opening,{position},{kind},,{len(words)},{fingerprint(words)},")
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
    passages = package / "coding" / "passages.csv"
    passages.write_text(passages.read_text().replace(",,", f',"{sentence}",', 1))
    [message] = verify_source(copy, package)
    assert message.startswith("passages one-p1, called_in") and "statement of the text" in message


def test_coverage_counts_rows_a_paragraph_in_the_order_of_the_text():
    t = tables_of(
        sections=("section_id ordinal", ("late", "2"), ("early", "1")),
        passages=(
            "passage_id section position kind uncoded_reason",
            ("l-p1", "late", "3", "paragraph", "Signposting."),
            ("e-p2", "early", "2", "paragraph", ""),
            ("e-p1", "early", "1", "paragraph", ""),
            ("fn01", "early", "4", "footnote", ""),
        ),
        claims=("claim_id passage_id", ("1", "e-p2"), ("2", "e-p2"), ("3", "fn01")),
    )
    covered = coverage(t, ["claims", "scope"])
    assert list(covered["passage_id"]) == ["e-p1", "e-p2", "l-p1"]
    assert list(covered["claims"]) == [0, 2, 0] and not covered["scope"].any()
    assert list(covered["uncoded_reason"]) == ["", "", "Signposting."]


def test_a_tree_has_each_challenge_before_those_below_it_and_those_from_other_parts_last():
    challenges = (
        "challenge_id parent_id ordinal passage_id label",
        ("else", "", "1", "s-p1", "Elsewhere"),
        ("root", "", "2", "m-p1", "Root"),
        ("leaf", "early", "3", "m-p1", "Leaf"),
        ("late", "root", "6", "m-p1", "Late"),
        ("early", "root", "5", "m-p1", "Early"),
        ("second", "", "7", "m-p1", "Second"),
    )
    t = tables_of(
        sections=("section_id ordinal part", ("start", "1", "3"), ("more", "2", "4")),
        passages=("passage_id section", ("s-p1", "start"), ("m-p1", "more")),
        challenges=challenges,
    )
    tree = challenge_tree(t)
    assert list(tree["challenge_id"]) == ["root", "early", "leaf", "late", "second", "else"]
    assert list(tree["depth"]) == [0, 1, 2, 1, 0, 0] and tree["above"][2] == ["root", "early"]
    assert list(tree["outside"]) == [False] * 5 + [True]  # most of them stand in part 4
    assert tree["challenge_id"][0].label == "Root"
    assert not challenge_tree(tables_of(challenges=challenges))["outside"].any()
    assert challenge_tree(tables_of()).columns.equals(tree.columns)


def test_kappa_is_one_for_full_agreement_and_near_zero_for_chance():
    assert kappa(pd.Series(["a", "b"]), pd.Series(["a", "b"])) == 1
    assert kappa(pd.Series(["a", "a", "b", "b"]), pd.Series(["a", "b", "a", "b"])) == 0
    assert pd.isna(kappa(pd.Series(["a"]), pd.Series(["a"])))


def test_agreement_counts_rows_and_values_apart():
    judged = [
        ("t", "u1", ROW, "coded", "coded"),
        ("t", "u1", "strength", "cited", "asserted"),
        ("t", "u1", "kind", "date", "date"),
        ("t", "u2", ROW, "coded", ""),
        ("t", "u3", ROW, "", "coded"),
        ("t", "u4", ROW, "", ""),  # neither had it: it does not count
    ]
    t = tables_of(double_coding=("coding_table unit variable first second", *judged))
    [row] = agreement(t.double_coding).to_dict("records")
    assert (row["both"], row["first_only"], row["second_only"], row["rows_agreed"]) == (1, 1, 1, 0.5)
    assert (row["values"], row["values_equal"], row["values_agreed"]) == (2, 1, 0.5)
    assert agreement(tables_of().double_coding).columns.equals(pd.Index(row))


class TestRealCoding:
    """What the coding of the assessment promises its readers."""

    def test_all_paragraphs_and_footnotes_are_there(self, t):
        per_section = t.passages.query("kind == 'paragraph'").groupby("section").size()
        assert list(per_section) == list(t.sections.set_index("section_id")["paragraphs"][per_section.index])
        footnotes = list(t.passages.query("kind == 'footnote'")["passage_id"])
        assert footnotes == [f"fn{number:02d}" for number in range(1, len(footnotes) + 1)]

    def test_every_paragraph_has_a_coding_or_a_reason(self, t):
        codings = [
            name for name in t if "passage_id" in t[name] and name not in ("passages", "double_coding")
        ]
        covered = coverage(t, codings)
        assert (covered[codings].any(axis=1) != (covered["uncoded_reason"] != "")).all()

    def test_every_citation_points_to_exactly_one_thing(self, t):
        targets = t.citations[["document_id", "resolution_id", "event_id", "other"]].replace("", None)
        assert (targets.notna().sum(axis=1) == 1).all()

    def test_every_footnote_that_cites_has_a_citation(self, t):
        silent = {"fn01", "fn02", "fn03"}  # thanks, the list of holders, a remark: they cite nothing
        footnotes = set(t.passages.query("kind == 'footnote'")["passage_id"])
        assert footnotes - set(t.citations["footnote"]) == silent

    def test_a_footnote_is_called_in_the_paragraph_of_the_row(self, t):
        called_in = t.passages.set_index("passage_id")["called_in"]
        for frame in t.values():
            rows = frame[frame["footnote"] != ""] if "footnote" in frame else frame.iloc[:0]
            assert rows.empty or (rows["footnote"].map(called_in) == rows["passage_id"]).all()

    def test_settled_values_are_those_of_the_tables(self, t):
        last = t.double_coding.sort_values("round").groupby(["coding_table", "unit", "variable"]).tail(1)
        for name, judged in last.groupby("coding_table"):
            rows = pd.read_csv(DATA / t.resource(name)["path"], dtype=str, keep_default_na=False, index_col=0)
            for judgement in judged.itertuples():
                if judgement.variable == ROW:
                    assert (judgement.unit in rows.index) == (judgement.settled != ""), judgement
                elif judgement.unit in rows.index:
                    assert rows.loc[judgement.unit, judgement.variable] == judgement.settled, judgement

    def test_every_judgement_on_which_not_all_agree_has_a_reason(self, t):
        judged = t.double_coding
        agree = (judged["first"] == judged["second"]) & (judged["second"] == judged["settled"])
        agree &= (judged["variable"] != ROW) | (judged["settled"] != "")  # of an earlier reading, not kept
        assert (agree == (judged["reason"] == "")).all()

    def test_a_link_is_to_a_challenge_or_to_the_agenda_and_its_key_says_which(self, t):
        links = t.challenge_followthrough
        targets = links[["challenge_id", "agenda_id"]].astype(object).fillna("")
        assert ((targets == "").sum(axis=1) == 1).all()
        keys = links["item_id"] + "-" + targets["challenge_id"] + targets["agenda_id"]
        assert list(links["followthrough_id"]) == list(keys)

    def test_a_link_has_the_date_of_its_row_of_the_record_or_the_year_of_its_session(self, t):
        links = t.challenge_followthrough
        for column, table in {
            "document_id": "documents",
            "event_id": "events",
            "publication_id": "publications",
        }.items():
            resting = links[links[column].notna() & (links[column] != "")]
            rows = t[table].set_index(column).loc[list(resting[column])]
            dates = [row.date if row.date is not None else row.listed_year for row in rows.itertuples()]
            assert (
                dates and list(resting["date"]) == dates and list(resting["status"]) == list(rows["status"])
            )

    def test_links_are_later_than_the_assessment_and_short(self, t):
        links = t.challenge_followthrough
        assert (links["date_from"] > t.assessed).all() and (links["how"].str.split().str.len() <= 12).all()

    def test_every_link_was_judged_twice_for_items_that_were_considered(self, t):
        judged = set(t.double_coding.query("coding_table == 'challenge_followthrough'")["unit"])
        dropped = t.double_coding.query(
            "coding_table == 'challenges' and variable == 'row' and settled == ''"
        )["unit"]
        targets = [*t.challenges["challenge_id"], *dropped.unique(), *t.agenda["agenda_id"]]
        considered = [f"{item}-{target}" for item in t.followthrough_items["item_id"] for target in targets]
        assert len(considered) == len(set(considered))
        assert set(t.challenge_followthrough["followthrough_id"]) <= judged <= set(considered)

    def test_every_item_that_is_a_report_of_the_mandate_is_a_confirmed_document(self, t):
        links = t.challenge_followthrough
        assert ((links["kind"] == "mandate_report") == links["document_id"].notna()).all()


@pytest.fixture(scope="module")
def t():
    return load(DATA)
