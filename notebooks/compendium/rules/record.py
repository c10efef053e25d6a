"""Rules on the record: contradictions between two cells, of which one must be wrong, and what deserves a look."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd
import pycountry

from compendium.periods import show
from compendium.problems import nearest
from compendium.rules import WARNS, rule, words
from compendium.tables import Tables, includes
from compendium.terms import overlaps, terms

# Bodies as the United Nations writes them at the head of a symbol, with the session or the year that follows. Symbols
# of special sessions (S-4) carry neither; those of subsidiary bodies (E/CN.4/Sub.2, A/HRC/WG.6) are not judged.
DOCUMENTS = re.compile(
    r"(?:E/CN\.4/(?P<CHR>\d{4}|S-\d+)|A/HRC/(?P<HRC>\d+|S-\d+)|A/(?P<GA>\d+)|E/(?P<ECOSOC>\d{4}))/"
)
RESOLUTIONS = re.compile(
    r"(?P<CHR>E/CN\.4/(RES|DEC)/)|(?P<HRC>A/HRC/(RES|DEC)/)|(?P<GA>A/(RES|DEC)/)"
    r"|(?P<ECOSOC>E/(RES|DEC)/|ECOSOC (decision|resolution) )"
)
PRIVATE = re.compile(
    r"X[A-Z]{2}", re.ASCII
)  # codes that ISO 3166-1 leaves to its users, such as XKX for Kosovo
LOOK_UP = "look it up at https://www.iso.org/obp/ui/#search"
LATE = pd.Timedelta(days=366)  # after the end of a term, within which its reports still appear
TO_ONE = "correct the one or the other"


@rule("documents", "mandate", "correct the date, or leave the document out")
def document_before_the_mandate(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """the document is dated {dated}, before the mandate was created ({since})"""
    created = t.resolutions[includes(t.resolutions["action"], "created")].sort_values("adopted_from")
    first: pd.Timestamp = created["adopted_from"].min()
    before = rows["date_to"].fillna(rows["listed_year_to"]) < first
    dated = rows["date"].where(rows["date_to"].notna(), rows["listed_year"])
    return rows.assign(dated=dated, since=next(iter(created["adopted"]), None)).loc[before]


def _of_another_body(rows: pd.DataFrame, heads: re.Pattern[str], known: list[str]) -> pd.DataFrame:
    """Rows whose symbol is of another body than `body` says, of the bodies that the package knows by our names."""
    found = [heads.match(symbol) for symbol in rows["symbol"]]
    named = [
        next((body for body, part in one.groupdict().items() if part), "") if one else "" for one in found
    ]
    rows = rows.assign(named=named)
    judged = rows["named"].isin(known) & rows["body"].notna()
    return rows[judged & (rows["named"] != rows["body"].astype(object))]


@rule("documents", "body", TO_ONE)
def document_of_another_body(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """the symbol {symbol} is of {named}, the column body says {body}"""
    return _of_another_body(rows, DOCUMENTS, words(t, "body"))


@rule("resolutions", "body", TO_ONE)
def resolution_of_another_body(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """the symbol {symbol} is of {named}, the column body says {body}"""
    return _of_another_body(rows, RESOLUTIONS, words(t, "body"))


@rule("documents", "session", TO_ONE)
def document_of_another_session(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """the symbol {symbol} is of session {said}, the column session says {session}"""
    parts = rows["symbol"].str.extract(DOCUMENTS)
    said = pd.to_numeric(parts["HRC"].fillna(parts["GA"]), errors="coerce").astype("Int64")
    differs: pd.Series = (said != rows["session"]).fillna(False)
    return rows.assign(said=said)[differs]


@rule("documents", "session", TO_ONE)
def document_of_another_year(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """the symbol {symbol} is of {said}, the column listed_year says {listed_year}"""
    parts = rows["symbol"].str.extract(DOCUMENTS)
    said = pd.to_numeric(parts["CHR"].fillna(parts["ECOSOC"]), errors="coerce").astype("Int64")
    year = rows["listed_year_from"].dt.year.astype("Int64")
    differs: pd.Series = (said != year).fillna(False)
    return rows.assign(said=said)[differs]


@cache
def _countries_by_name() -> dict[str, tuple[str, str]]:
    """Code and name of the countries of ISO 3166-1, by every name that it has for them."""
    return {
        name: (country.alpha_3, country.name)
        for country in pycountry.countries
        for name in (country.name, getattr(country, "common_name", ""), getattr(country, "official_name", ""))
        if name
    }


@rule("countries", "country")
def country_without_code(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """{country} is not a country code of ISO 3166-1 (three letters)"""

    def is_known(code: str) -> bool:
        lists = (pycountry.countries, pycountry.historic_countries)  # ZAR, Zaire, stays good for the past
        return bool(PRIVATE.fullmatch(code)) or any(known.get(alpha_3=code) for known in lists)

    wrong = rows.dropna(subset="country")
    wrong = wrong[~wrong["country"].map(is_known).astype(bool)]
    return wrong.assign(todo=[_code_of(name) for name in wrong["name"]])


def _code_of(name: str) -> str:
    """What to do about a country without a code: take that of the country whose name is most like this one."""
    # The United Nations write a part of some names in brackets, ISO behind a comma or not at all.
    for form in (name.partition(" (")[0], name):
        if near := nearest(form, _countries_by_name()):
            code, called = _countries_by_name()[near]
            return f"did you mean `{code}` ({called})? If not, {LOOK_UP}"
    return LOOK_UP


@rule("visits", "report", "correct report_symbol, or the kind of the document")
def report_of_another_kind(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """{report_symbol} is a document of the kind `{kind}`, not the report of a visit"""
    documents = t.documents[t.documents["kind"].notna() & (t.documents["symbol"] != "")]
    both = rows.merge(documents[["symbol", "kind"]], left_on="report_symbol", right_on="symbol")
    return both[(both["kind"] != "visit") & ("visit" in words(t, "document_kind"))]


def _with_other(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Visits that point in a column to another visit, with the columns of that one (`start_before`)."""
    return rows.merge(rows, left_on=column, right_on="visit_id", suffixes=("", "_before")).query(
        f"{column} != visit_id"
    )


def _elsewhere(both: pd.DataFrame) -> pd.DataFrame:
    """Pairs of visits to two countries."""
    both = both.dropna(subset=["country", "country_before"])
    return both[both["country"].astype(object) != both["country_before"].astype(object)]


@rule("visits", "visit", "correct follow_up_of")
def follow_up_elsewhere(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """follow_up_of points to {follow_up_of}, a visit to `{country_before}`, not {country}"""
    return _elsewhere(_with_other(rows, "follow_up_of"))


@rule("visits", "visit", "correct follow_up_of or the dates")
def follow_up_too_early(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """its start ({start}) is not after the visit that it follows up ({start_before})"""
    return _with_other(rows, "follow_up_of").query("start_to <= start_from_before")


@rule("visits", "visit", "correct held_as")
def held_elsewhere(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """held_as points to {held_as}, a visit to `{country_before}`, not {country}"""
    return _elsewhere(_with_other(rows, "held_as"))


@rule("visits", "visit", "empty held_as, or correct outcome")
def held_and_held_as(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """a visit that was held has no held_as"""
    return rows[(rows["held_as"] != "") & (rows["outcome"] == "held")]


# --- what deserves a look ---


@rule("sources", "address", "add one if it has one; say in the note how else it can be found", WARNS)
def source_without_address(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """the source has no address"""
    return rows[(rows["url"] == "") & (rows["kind"] != "assessment")]  # that one is cited by passage


def _outside_terms(t: Tables, rows: pd.DataFrame, late: pd.Timedelta) -> pd.DataFrame:
    """Rows whose time, from the date `first` to `last` and so much `late`, fits into no term of their holder.

    Adds `when` and `served`, in words: terms are drawn from statements that may be revised.
    """
    office = {holder: of.to_dict("records") for holder, of in terms(t).groupby("holder_id", observed=True)}

    def fits(row: dict, term: dict) -> bool:
        before_end = pd.isna(term["end_to"]) or row["last_from"] - late <= term["end_to"]
        return bool(before_end and term["start_from"] <= row["first_to"])

    outside = []
    for row in rows.dropna(subset=["holder_id", "first_to", "last_from"]).to_dict("records"):
        of_holder = office.get(row["holder_id"], [])
        if of_holder and not any(fits(row, term) for term in of_holder):
            spans = (f"{term['start_from']:%Y-%m-%d} to {_day(term['end_to'])}" for term in of_holder)
            when = " to ".join(dict.fromkeys([show(row["first"]), show(row["last"])]))
            served = f"the {'terms' if len(of_holder) > 1 else 'term'} of `{row['holder_id']}` ({' and '.join(spans)})"
            outside.append(row | {"when": when, "served": served})
    return pd.DataFrame(outside, columns=[*rows.columns, "when", "served"])


def _day(day: pd.Timestamp) -> str:
    return "today" if pd.isna(day) else f"{day:%Y-%m-%d}"


@rule("visits", "term", "look whether holder or date is right", WARNS)
def visit_outside_terms(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """the visit ({when}) lies outside {served}"""
    open_ = rows["end_from"].isna()  # some holders finished visits in a handover
    last = {
        "last": rows["end"].mask(open_, rows["start"]),
        "last_from": rows["end_from"].fillna(rows["start_from"]),
    }
    return _outside_terms(
        t, rows.assign(first=rows["start"], first_to=rows["start_to"], **last), pd.Timedelta(0)
    )


@rule("documents", "term", "look whether holder or date is right", WARNS)
def document_outside_terms(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """the document ({when}) lies outside {served}"""
    dated = rows["date"].where(rows["date_from"].notna(), rows["listed_year"])
    days = {f"last_{end}": rows[f"date_{end}"].fillna(rows[f"listed_year_{end}"]) for end in ("from", "to")}
    dated_rows = rows.assign(first=dated, last=dated, first_to=days["last_to"], last_from=days["last_from"])
    return _outside_terms(t, dated_rows, LATE)  # reports follow visits and terms


@rule(
    "terms", "together", "look whether a date is right, or set holders_at_a_time in datapackage.json", WARNS
)
def too_many_at_a_time(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """{holder_id} holds the mandate beside {beside} from {first} {last}; holders_at_a_time is {seats}"""
    seats = t.about("holders_at_a_time")
    if seats is None:
        return rows.iloc[:0]
    found = overlaps(terms(t), seats)
    first = [show(pd.Period(day, "D")) for day in found["start_to"]]
    last = ["on" if pd.isna(day) else f"to {show(pd.Period(day, 'D'))}" for day in found["beside_until"]]
    found = found.assign(first=first, last=last, seats=seats)[
        ["start_says", "beside", "first", "last", "seats"]
    ]
    return rows.merge(found, left_on="term_statement_id", right_on="start_says")
