"""Terms of office drawn from statements: the rule for the date, and the zone in which it may lie."""

from pathlib import Path

import pandas as pd
import pytest

from compendium.periods import parse
from compendium.tables import load, typed
from compendium.terms import in_office, overlaps, rates, terms, years_in_office

DATA = Path(__file__).parents[1] / "data"
KINDS = ["un_document", "assessment", "other"]
VOCABULARY = [
    {"vocabulary": "source_kind", "code": kind, "ordinal": str(i), "label": kind}
    for i, kind in enumerate(KINDS)
]
CREATED = {"resolution_id": "r", "action": "created", "adopted": "1990-03-07"}
COLUMNS = ["holder_id", "term", "event", "date", "source_ids", "status"]


def office(said, at_a_time=1, **others):
    """Terms by statements such as `a 1 took_office 1991 other`; what is not said is of another source, confirmed."""
    defaults = dict(zip(COLUMNS, ["", "", "", "", "other", "confirmed"], strict=True))
    statements = [
        defaults | dict(zip(COLUMNS, one.split(), strict=False)) | {"term_statement_id": f"s{i}"}
        for i, one in enumerate(said.split("; ") if said else [])
    ]
    holders = sorted({row["holder_id"] for row in statements})
    tables = {
        "terms": statements,
        "holders": [{"holder_id": one, "ordinal": str(place)} for place, one in enumerate(holders)],
        "sources": [{"source_id": kind, "kind": kind} for kind in KINDS],
        "resolutions": [CREATED],
        "vocabularies": VOCABULARY,
    } | others
    frames = {name: pd.DataFrame(rows, dtype=str) for name, rows in tables.items() if rows}
    return terms(typed({"resources": [], "mandate": {"holders_at_a_time": at_a_time}}, frames))


def zones(found):
    """First and last day of the start and of the end of each term (empty: not stated), by holder and term."""
    days = found[["start_from", "start_to", "end_from", "end_to"]].astype(str).fillna("").to_numpy()
    return {f"{row.holder_id}{row.term}": list(of) for row, of in zip(found.itertuples(), days, strict=True)}


@pytest.mark.parametrize(
    ("said", "start", "zone"),
    [
        (
            "took_office 1994 assessment; a 1 appointed 1995-01 un_document",
            "1995-01",
            "1994-01-01 1995-01-31",
        ),
        ("took_office 2014; a 1 took_office 2014-06-02", "2014-06-02", "2014-06-02 2014-06-02"),
        ("appointed 2020-03-13; a 1 took_office 2020-05-01", "2020-05-01", "2020-05-01 2020-05-01"),
        ("took_office 1990", "1990", "1990-03-07 1990-12-31"),
        ("took_office 1991; a 1 took_office 1992 other unverified", "1991", "1991-01-01 1991-12-31"),
        ("took_office 1994-01 unknown; a 1 took_office 1995", "1995", "1994-01-01 1995-12-31"),
    ],
    ids=[
        "best source",
        "most precise",
        "no appointment",
        "not before the mandate",
        "confirmed",
        "known source",
    ],
)
def test_a_start_is_chosen_by_the_rule_and_lies_in_a_zone(said, start, zone):
    [row] = (found := office(f"a 1 {said}")).itertuples()
    assert row.start == parse(start) and zones(found) == {"a1": [*zone.split(), "", ""]}
    assert row.end is None and row.end_says is None  # the term is open


def test_a_term_names_the_statements_that_it_rests_on_and_its_columns_are_typed():
    found = office("b 2 left_office 1999; b 2 took_office 1995; a 1 took_office 1991")
    assert found[["holder_id", "term"]].to_numpy().tolist() == [["a", 1], ["b", 2]]
    assert list(found["start_says"]) == ["s2", "s1"] and list(found["end_says"]) == [None, "s0"]
    assert list(found["holder_id"].cat.categories) == ["a", "b"] and found["term"].dtype == "Int64"
    assert {str(found[day].dtype) for day in ("start_from", "start_to", "end_from", "end_to")} == {
        "datetime64[s]"
    }


def test_a_term_without_a_start_has_no_place_in_time():
    assert office("a 1 left_office 2001").empty


def test_packages_that_lack_tables_are_as_others():
    assert zones(office("a 1 took_office 1990", resolutions=[], sources=[]))["a1"][0] == "1990-01-01"
    empty = office("")
    assert empty.empty and str(empty["start_from"].dtype) == "datetime64[s]" and overlaps(empty, 1).empty
    assert in_office(empty, pd.Timestamp("2000")) == [] and years_in_office(empty, pd.Timestamp("2000")).empty


def test_no_zone_runs_past_what_the_neighbouring_term_allows_unless_several_serve_at_a_time():
    said = "a 1 took_office 2008; a 1 left_office 2014; b 1 took_office 2014-06-02"
    assert zones(office(said))["a1"][2:] == ["2014-01-01", "2014-06-02"]
    assert zones(office(said, at_a_time=5))["a1"][2:] == ["2014-01-01", "2014-12-31"]


def test_neighbours_are_so_by_time_and_not_by_the_order_of_persons():
    found = office(
        "a 1 took_office 1998-04-17; a 1 left_office 2001; b 1 took_office 2001; b 1 left_office 2004; "
        "a 2 took_office 2004; a 2 left_office 2010-06-30; c 1 took_office 2010-08-01"
    )
    assert list(zones(found)) == ["a1", "b1", "a2", "c1"]
    assert zones(found)["b1"] == ["2001-01-01", "2001-12-31", "2004-01-01", "2004-12-31"]


@pytest.mark.parametrize(
    ("said", "first"),
    [
        (
            "b 1 took_office 2001-03; b 1 left_office 2001-06-30; a 1 took_office 2001; a 1 left_office 2005",
            "06-30",
        ),
        (
            "b 1 took_office 2001-03; b 1 left_office 2001-06; a 1 took_office 2001; a 1 left_office 2001",
            "01-01",
        ),
        ("b 1 took_office 1998; b 1 left_office 2010; a 1 took_office 2001; a 1 left_office 2004", "01-01"),
    ],
    ids=["left earlier, so came earlier", "either may have been the first", "they contradict each other"],
)
def test_a_neighbour_bounds_a_zone_only_where_the_order_is_sure(said, first):
    assert zones(office(said))["a1"][:2] == [f"2001-{first}", "2001-12-31"]


def test_years_in_office_are_a_range_where_a_date_is_vague_and_run_to_the_day_where_no_end_is_stated():
    [row] = years_in_office(office("a 1 took_office 1991"), pd.Timestamp("1992-12-31")).itertuples()
    assert row.shortest == pytest.approx(367 / 365.25)  # 31 December 1991 to 31 December 1992, both included
    assert row.longest == pytest.approx(731 / 365.25)


def test_years_of_a_holder_who_returned_add_up_and_a_term_that_began_later_has_none():
    said = "a 1 took_office 1991-01-01; a 1 left_office 1991-12-31; a 2 took_office 1993-01-01; a 3 took_office 1999"
    [row] = years_in_office(office(said, at_a_time=2), pd.Timestamp("1993-01-01")).itertuples()
    assert row.shortest == row.longest == pytest.approx(366 / 365.25)


@pytest.mark.parametrize(("on", "holders"), [("1991-12-31", ["a"]), ("1991-12-30", []), ("2001", ["a", "b"])])
def test_who_had_taken_office_is_known_from_the_latest_day_that_sources_allow(on, holders):
    found = office("a 1 took_office 1991; b 1 took_office 2000; a 2 took_office 2001")
    assert in_office(found, pd.Timestamp(on)) == holders


def test_more_holders_than_can_serve_at_a_time_are_told_with_their_days():
    found = office(
        "a 1 took_office 1998; a 1 left_office 2010-07-31; b 1 took_office 2001-07; b 1 left_office 2004; "
        "c 1 took_office 2001-08-01; d 1 took_office 2010-07-31; e 1 took_office 2011"
    )
    together = overlaps(found, 1)
    assert list(together["holder_id"]) == ["b", "c", "d", "e"]
    assert list(together["beside"]) == [["a"], ["a", "b"], ["c"], ["c", "d"]]  # A left when D took office
    assert list(together["beside_until"].astype(str).fillna("")) == ["2004-01-01", "2004-01-01", "", ""]
    assert list(overlaps(found, 2)["holder_id"]) == ["c", "e"] and overlaps(found, 3).empty


def test_a_holder_does_not_serve_beside_themself_nor_beside_one_who_may_have_left():
    assert overlaps(office("a 1 took_office 1998; a 2 took_office 1999"), 1).empty
    assert overlaps(office("a 1 took_office 1998; a 1 left_office 2001; b 1 took_office 2001-07"), 1).empty


def test_a_rate_has_two_bounds_where_time_in_office_has_and_less_than_a_month_gives_none():
    found = office("a 1 took_office 2000; a 1 left_office 2001-12-31; b 1 took_office 2004-12-20")
    [row] = rates(found, pd.Timestamp("2004-12-31"), pd.Series(["a", "a", "b"])).to_dict("records")
    assert (row["holder_id"], row["number"]) == ("a", 2)
    assert round(row["a_year_at_least"], 2) == 1.0 and 1.9 < row["a_year_at_most"] < 2.1


def test_nobody_on_record_is_said_to_have_served_beside_another():
    assert overlaps(terms(load(DATA)), 1).empty
