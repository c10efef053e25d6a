"""Terms of office drawn from statements: the rule for the date, and the zone in which it may lie."""

from datetime import date
from typing import ClassVar

import pandas as pd
import pytest

from compendium.periods import parse
from compendium.tenure import in_office, terms, years_in_office


class Package(dict):
    """Tables in memory, with the vocabulary that ranks sources, of a mandate that one person holds at a time."""

    descriptor: ClassVar = {"mandate": {"holders_at_a_time": 1}}

    def codes(self, vocabulary):
        return {"source_kind": ["un_document", "assessment", "other"]}[vocabulary]


def package(*statements):
    """Tables of one holder, from statements (event, date, kind of source, status)."""
    rows = [
        {
            "term_statement_id": f"s{i}",
            "holder_id": "a",
            "term": 1,
            "event": event,
            "date": parse(day),
            "source_ids": [kind],
            "status": status,
        }
        for i, (event, day, kind, status) in enumerate(statements)
    ]
    kinds = ["un_document", "assessment", "other"]
    return Package(
        terms=pd.DataFrame(rows),
        sources=pd.DataFrame({"source_id": kinds, "kind": kinds}),
        holders=pd.DataFrame({"holder_id": ["a"], "ordinal": [1], "short_name": ["A"]}),
        resolutions=pd.DataFrame({"action": [["created"]], "adopted": [parse("1990-03-07")]}),
    )


def only(*statements):
    return terms(package(*statements)).iloc[0]


def test_a_united_nations_document_comes_before_other_sources():
    row = only(
        ("took_office", "1994", "assessment", "confirmed"),
        ("appointed", "1995-01", "un_document", "confirmed"),
    )
    assert row.start == parse("1995-01")
    assert (row.start_from, row.start_to) == (date(1994, 1, 1), date(1995, 1, 31))


def test_the_more_precise_date_comes_first_and_vaguer_repetitions_do_not_widen_the_zone():
    row = only(
        ("took_office", "2014", "assessment", "confirmed"),
        ("took_office", "2014-06-02", "assessment", "confirmed"),
    )
    assert row.start == parse("2014-06-02")
    assert row.start_from == row.start_to == date(2014, 6, 2)


def test_an_appointment_does_not_blur_a_known_day_of_taking_office():
    row = only(
        ("appointed", "2020-03-13", "other", "confirmed"), ("took_office", "2020-05-01", "other", "confirmed")
    )
    assert row.start == parse("2020-05-01")
    assert row.start_from == row.start_to == date(2020, 5, 1)


def test_no_zone_begins_before_the_mandate():
    row = only(("took_office", "1990", "other", "confirmed"))
    assert row.start_from == date(1990, 3, 7)


def test_unverified_statements_do_not_count():
    row = only(
        ("took_office", "1991", "other", "confirmed"),
        ("took_office", "1992-01-01", "un_document", "unverified"),
    )
    assert row.start == parse("1991")


def test_a_term_without_a_stated_end_is_open():
    row = only(("took_office", "1991", "other", "confirmed"))
    assert row.end is None and row.end_from is None


@pytest.mark.parametrize(("day", "holders"), [(date(1991, 12, 31), ["a"]), (date(1991, 12, 30), [])])
def test_in_office_needs_the_latest_day_that_sources_allow(day, holders):
    assert in_office(terms(package(("took_office", "1991", "other", "confirmed"))), day) == holders


def test_years_in_office_are_a_range_where_a_date_is_vague_and_run_to_the_day_where_no_end_is_stated():
    frame = terms(package(("took_office", "1991", "other", "confirmed")))
    row = years_in_office(frame, date(1992, 12, 31)).iloc[0]
    assert row.shortest == pytest.approx(367 / 365.25)  # 31 December 1991 to 31 December 1992, both included
    assert row.longest == pytest.approx(731 / 365.25)


def test_a_term_that_began_later_has_no_years_in_office():
    frame = terms(package(("took_office", "1991-05-01", "other", "confirmed")))
    assert years_in_office(frame, date(1991, 4, 1)).iloc[0].longest == 0


def test_no_zone_runs_past_what_the_neighbouring_term_allows_unless_several_serve_at_a_time():
    tables = package(
        ("took_office", "2008", "other", "confirmed"), ("left_office", "2014", "other", "confirmed")
    )
    tables["holders"] = pd.DataFrame({"holder_id": ["a", "b"], "ordinal": [1, 2], "short_name": ["A", "B"]})
    successor = package(("took_office", "2014-06-02", "un_document", "confirmed"))["terms"].assign(
        holder_id="b"
    )
    tables["terms"] = pd.concat([tables["terms"], successor], ignore_index=True)
    assert terms(tables)["end_to"].iloc[0] == date(2014, 6, 2)
    tables.descriptor = {"mandate": {"holders_at_a_time": 5}}
    assert terms(tables)["end_to"].iloc[0] == date(2014, 12, 31)


def test_a_term_without_an_end_has_none_however_alike_the_dates_are():
    day = parse("2001-05-01")
    frames = package(("took_office", "2001-05-01", "un_document", "confirmed"))
    frames["terms"] = pd.concat(
        [
            frames["terms"],
            frames["terms"].assign(event="left_office", date=[parse("2004-05-01")], term_statement_id="s1"),
            frames["terms"].assign(holder_id="b", date=[parse("2004-05-02")], term_statement_id="s2"),
        ],
        ignore_index=True,
    )
    frames["holders"] = pd.DataFrame({"holder_id": ["a", "b"], "ordinal": [1, 2], "short_name": ["A", "B"]})
    found = terms(frames)
    assert list(found["start"]) == [day, parse("2004-05-02")] and found["end"].iloc[1] is None


def test_a_term_without_a_start_is_left_out_and_one_without_sources_is_not():
    assert terms(package(("left_office", "2001", "un_document", "confirmed"))).empty
    frames = package(("took_office", "2001", "un_document", "confirmed"))
    del frames["sources"]
    assert len(terms(frames)) == 1
