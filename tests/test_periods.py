"""Dates of reduced precision: nothing invents a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compendium import periods
from compendium.periods import end_of, guesses, is_before, parse, show, start_of

DAYS = st.dates(date(1800, 1, 1), date(2199, 12, 31))
DATES = st.builds(lambda day, length: day.isoformat()[:length], DAYS, st.sampled_from([4, 7, 10]))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1990", date(1990, 1, 1), date(1990, 12, 31)),
        ("1996-02", date(1996, 2, 1), date(1996, 2, 29)),
        ("1990-03-07", date(1990, 3, 7), date(1990, 3, 7)),
        ("1800", date(1800, 1, 1), date(1800, 12, 31)),
        ("2199-12-31", date(2199, 12, 31), date(2199, 12, 31)),
    ],
)
def test_a_date_covers_every_day_that_it_can_mean(text, first, last):
    assert (start_of(parse(text)), end_of(parse(text))) == (first, last)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1990-02-30", "1990-02-30 does not exist"),
        ("1990-13", "1990-13 does not exist"),
        ("1799", "1799 is not a year between 1800 and 2199"),
        ("2200-01-01", "2200-01-01 is not a year between 1800 and 2199"),
        ("07/03/1990", "'07/03/1990' is not a date of the form 1990, 1990-03 or 1990-03-07"),
        ("1990-3-7", "'1990-3-7' is not"),
        ("1990-03-07 00:00:00", "is not a date of the form"),
        ("١٩٩٠", "is not a date of the form"),
        ("1990\n", "is not a date of the form"),
        ("", "'' is not a date of the form"),
    ],
)
def test_what_is_no_date_is_refused_with_a_plain_sentence(text, says):
    with pytest.raises(ValueError) as refused:
        parse(text)
    assert says in str(refused.value)


@given(DATES)
def test_a_date_keeps_its_precision(text):
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    ("a", "b", "surely"),
    [
        ("1990", "1991", True),
        ("1990-03-06", "1990-03-07", True),
        ("1990-03-07", "1990-03-07", False),
        ("1990-03", "1990-03-07", False),
        ("1990", "1990-12-31", False),
        ("1991", "1990", False),
    ],
)
def test_before_means_surely_before(a, b, surely):
    assert is_before(parse(a), parse(b)) is surely


@pytest.mark.parametrize(
    ("text", "words"), [("1990-03-07", "7 March 1990"), ("1990-03", "March 1990"), ("1990", "1990")]
)
def test_a_date_is_shown_as_precise_as_it_is(text, words):
    assert show(parse(text)) == words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("07/03/1990", ["1990-03-07", "1990-07-03"]),
        ("27/03/1990", ["1990-03-27"]),
        ("03.03.1990", ["1990-03-03"]),
        ("1990-03-07 00:00:00", ["1990-03-07"]),
        ("1990-03-07T00:00:00Z", ["1990-03-07"]),
        ("1990/3/7", ["1990-03-07"]),
        ("1990-3", ["1990-03"]),
        ("03/1990", ["1990-03"]),
        ("7 March 1990", ["1990-03-07"]),
        ("7-Mar-90", ["1990-03-07"]),
        ("Oct-94", ["1994-10"]),
        ("October 1994", ["1994-10"]),
        ("Oct-15", ["2015-10"]),
        ("1990.0", ["1990"]),
        ("32939", ["1990-03-07"]),
        ("30/02/1990", []),
        ("Smarch 1990", []),
        ("soon", []),
    ],
)
def test_forms_that_spreadsheets_and_people_use_are_recognised(typed, meant):
    assert guesses(typed) == meant


@given(st.text(max_size=30))
def test_guesses_are_always_dates(text):
    assert all(parse(guess) is not None for guess in guesses(text))


def test_names_of_months_do_not_follow_the_computer():
    assert len(periods.MONTHS) == 12 and periods.MONTHS[2] == "March"
