"""What became of the challenges: what is said of each where no later item takes it up."""

import pytest

from compendium.followthrough import (
    BELOW,
    NOT_THERE,
    PASSING,
    TITLES,
    UNSEEN,
    looked_at,
    targets,
    two_readings,
)
from test_statements import made

CHALLENGES = [
    {"challenge_id": "data", "label": "Data"},
    {"challenge_id": "law", "label": "Law"},
    {"challenge_id": "law-online", "label": "Online", "parent_id": "law"},
    {"challenge_id": "money", "label": "Money", "unseen_because": "It stands in budgets."},
    {"challenge_id": "silence", "label": "Silence"},
]
LINK = {"followthrough_id": "d-law-online", "challenge_id": "law-online", "item_id": "d", "date": "2016"}


def after(read: str = "full_text", **more: list[dict]):
    """A record with one report, which was read so far, takes up one challenge and speaks of another in passing."""
    return made(
        documents=[{"document_id": "d", "symbol": "A/1/1"}],
        challenges=[{"ordinal": str(n)} | row for n, row in enumerate(CHALLENGES)],
        followthrough_items=[{"item_id": "d", "read": read}],
        challenge_followthrough=[LINK],
        mentions=[{"mention_id": "d-data", "challenge_id": "data", "item_id": "d", "pinpoint": "3-4"}],
        **more,
    )


@pytest.mark.parametrize(("read", "nothing"), [("full_text", NOT_THERE), ("contents", TITLES)])
def test_where_nothing_was_found_it_is_said_what_was_looked_at(read: str, nothing: str):
    rows = targets(after(read)).set_index("target")
    assert rows["words"].to_dict() == {
        "data": PASSING,
        "law": BELOW,
        "law-online": "",
        "money": UNSEEN,
        "silence": nothing,
    }
    assert rows.loc["data", "in_passing"] == ["A/1/1 (3-4)"] and rows.loc["silence", "in_passing"] == []
    assert looked_at(rows) == f"1 {PASSING}; 1 {UNSEEN[2:]}; 1 {nothing[2:]}"


def test_of_a_pair_that_was_judged_again_the_last_judgement_counts():
    pair = {"coding_table": "challenge_followthrough", "variable": "row", "passage_id": "p1"}
    judged = [
        {"unit": "d-law-online", "round": "1", "first": "", "second": "coded", "settled": ""},
        {"unit": "d-law-online", "round": "2", "first": "coded", "second": "coded", "settled": "coded"},
        {"unit": "d-law", "round": "2", "first": "coded", "second": "coded", "settled": "", "reason": "No."},
    ]
    differing, pairs, _ = two_readings(after(double_coding=[pair | row for row in judged]))
    assert pairs == 5 and list(differing["linked_by"]) == ["both"] and not differing["kept"].any()
