"""Dates of reduced precision: a year, a month or a day, and nothing more precise than the source states."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pandas as pd

FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
YEARS = range(1800, 2200)
# Not calendar.month_name, which follows the language of the computer.
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
YEAR = 365.25  # days
SPREADSHEETS_DAY_0 = date(1899, 12, 30)


def parse(text: str) -> pd.Period:
    """Read `1990`, `1990-03` or `1990-03-07` as a Period of frequency Y, M or D.

    Raises ValueError, with a sentence for the reader, if the text has another form, if the date does not exist or
    if its year is not between 1800 and 2199.
    """
    form = FORM.fullmatch(text)
    if not form:
        raise ValueError(f"{text!r} is not a date of the form 1990, 1990-03 or 1990-03-07")
    year, month, day = (int(part) if part else None for part in form.groups())
    assert year is not None
    if year not in YEARS:
        raise ValueError(f"{text} is not a year between {YEARS[0]} and {YEARS[-1]}")
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        raise ValueError(f"{text} does not exist") from None
    return pd.Period(year=year, month=month or 1, day=day or 1, freq="D" if day else "M" if month else "Y")


def guesses(text: str) -> list[str]:
    """What `text`, which is no date of ours, may have been before a spreadsheet or a habit changed its form.

    Knows `07/03/1990` (both ways), `1990-03-07 00:00:00`, `1990/3/7`, `7 March 1990`, `Mar-90` and the serial number
    of a day, `32939`. Returns the dates in the form to type, none where nothing is recognised.
    """
    text = re.sub(r"[T ]\d{1,2}:\d\d.*", "", text.strip())
    found: list[tuple[str, ...]] = []
    if m := re.fullmatch(r"(\d{4})\.0+", text):
        found = [(m[1],)]
    elif m := re.fullmatch(r"(\d{4})[-/. ](\d{1,2})(?:[-/. ](\d{1,2}))?", text):
        found = [m.groups(default="")]
    elif m := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", text):
        found = [(m[3], m[2], m[1]), (m[3], m[1], m[2])]
    elif m := re.fullmatch(r"(\d{1,2})[-/.](\d{4})", text):
        found = [(m[2], m[1])]
    elif m := re.fullmatch(r"(\d{1,2}[. -]*)?([A-Za-z]{3,9})[. -]*(\d{4}|\d\d)", text):
        months = [str(n) for n, name in enumerate(MONTHS, 1) if name.lower().startswith(m[2].lower())]
        # Spreadsheets read two digits as a year between 1930 and 2029.
        year = m[3] if len(m[3]) == 4 else f"{'20' if m[3] < '30' else '19'}{m[3]}"
        found = [(year, month, (m[1] or "").strip(". -")) for month in months]
    elif re.fullmatch(r"\d{5}", text):
        found = [tuple((SPREADSHEETS_DAY_0 + timedelta(int(text))).isoformat().split("-"))]
    typed = ["-".join(part.zfill(2) for part in parts if part) for parts in found]
    return [date for date in dict.fromkeys(typed) if _exists(date)]


def _exists(text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def start_of(p: pd.Period) -> date:
    """First day that the date can mean."""
    return p.start_time.date()


def end_of(p: pd.Period) -> date:
    """Last day that the date can mean."""
    return p.end_time.date()


def is_before(a: pd.Period, b: pd.Period) -> bool:
    """Whether `a` lies before `b` whatever days they mean; False where it is possible only."""
    return end_of(a) < start_of(b)


def show(p: pd.Period) -> str:
    """The date in words, as precise as it is: "7 March 1990", "March 1990" or "1990"."""
    month = MONTHS[p.month - 1]
    return {"D": f"{p.day} {month} {p.year}", "M": f"{month} {p.year}"}.get(p.freqstr, str(p.year))
