"""Dates of reduced precision: nothing invents a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compendium import periods
from compendium.periods import (
    Span,
    days_between,
    describe,
    end_of,
    guesses,
    is_before,
    parse,
    show,
    sort_key,
    span,
    span_to_first,
    start_of,
)

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


def test_dates_sort_by_first_possible_day_then_the_less_precise_first():
    in_order = ["1989-12-31", "1990", "1990-01", "1990-01-01", "1990-01-02", "1990-02", "1991"]
    assert [str(p) for p in sorted(map(parse, reversed(in_order)), key=sort_key)] == in_order


def test_days_are_counted_only_between_days():
    assert days_between(parse("1990-03-07"), parse("1990-07-03")) == 118
    assert days_between(parse("1990-07-03"), parse("1990-03-07")) == -118
    assert days_between(parse("1990-03"), parse("1990-07-03")) is None
    assert days_between(parse("1990-03-07"), parse("1990")) is None


@pytest.mark.parametrize(
    ("a", "b", "days"),
    [
        ("1990-03-07", "1990-07-03", Span(118, 118)),
        ("1990-01", "1990-03-01", Span(29, 59)),
        ("1990", "1990", Span(0, 364)),
        ("1991", "1994", Span(732, 1460)),
    ],
)
def test_a_span_holds_the_shortest_and_the_longest_time(a, b, days):
    assert span(parse(a), parse(b)) == days
    assert days.exact is (a == "1990-03-07")


def test_the_span_to_the_first_of_several_dates_takes_the_vague_ones_at_their_word():
    a = parse("2015-05-31")
    assert span_to_first(a, [parse("2016-05-31"), parse("2017-01-01")]) == Span(366, 366)
    vague = span_to_first(a, [parse("2016-05-31"), parse("2016")])
    assert vague == Span(215, 366)  # some day of 2016, but not after 31 May
    with pytest.raises(ValueError, match="lies before"):
        span_to_first(a, [parse("2014")])


def test_a_span_does_not_run_backwards():
    with pytest.raises(ValueError, match="March 1990 lies before 1991"):
        span(parse("1991"), parse("1990-03"))


@given(DAYS, DAYS, st.sampled_from([4, 7, 10]), st.sampled_from([4, 7, 10]))
def test_a_span_always_holds_the_true_number_of_days(one, other, less, more):
    first, last = sorted([one, other])
    days = span(parse(first.isoformat()[:less]), parse(last.isoformat()[:more]))
    assert days.shortest <= (last - first).days <= days.longest


@pytest.mark.parametrize(
    ("text", "words"), [("1990-03-07", "7 March 1990"), ("1990-03", "March 1990"), ("1990", "1990")]
)
def test_a_date_is_shown_as_precise_as_it_is(text, words):
    assert show(parse(text)) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (Span(118, 118), "118 days"),
        (Span(1, 1), "1 day"),
        (Span(1826, 1826), "1826 days"),
        (Span(200, 560), "between 200 and 560 days"),
        (Span(0, 364), "at most 364 days"),
        (span(parse("1990"), parse("1994")), "between 3 and 5 years"),
        (span(parse("1990"), parse("1993-01-01")), "between 2 and 3 years"),
        (span(parse("1990"), parse("1991-12-31")), "between 365 and 729 days"),
        (Span(0, 1000), "at most 3 years"),
        (Span(1095, 1500), "between 3 and 5 years"),  # 1095 days are three years without a leap day
    ],
)
def test_a_span_in_words_is_exact_or_a_range(days, words):
    assert describe(days) == words


@given(DATES, DATES)
def test_words_of_years_never_leave_out_a_possible_length(a, b):
    first, last = sorted([parse(a), parse(b)], key=sort_key)
    days = span(first, last)
    words = describe(days)
    if words.endswith("years"):
        numbers = [int(word) for word in words.split() if word.isdigit()]
        low, high = numbers if len(numbers) == 2 else (0, numbers[0])
        assert low * 365.25 <= days.shortest + 1 and days.longest - 1 <= high * 365.25


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
