"""Rules on the record: contradictions between two cells, of which one must be wrong, and what deserves a look."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache

import pandas as pd
import pycountry

from compendium.description import primary_key
from compendium.periods import show
from compendium.problems import hint
from compendium.rules import rule
from compendium.tables import Tables, includes
from compendium.terms import overlaps, terms
from compendium.words import text_of

# Bodies as the United Nations writes them at the head of a symbol, with the session or the year that follows. Symbols
# of special sessions carry neither; those of subsidiary bodies (E/CN.4/Sub.2, A/HRC/WG.6) are not judged.
DOCUMENTS = {
    "CHR": re.compile(r"E/CN\.4/(?:(?P<year>\d{4})|S-\d+)/"),
    "HRC": re.compile(r"A/HRC/(?:(?P<session>\d+)|S-\d+)/"),
    "GA": re.compile(r"A/(?P<session>\d+)/"),
    "ECOSOC": re.compile(r"E/(?P<year>\d{4})/"),
}
RESOLUTIONS = {
    "CHR": re.compile(r"E/CN\.4/(RES|DEC)/"),
    "HRC": re.compile(r"A/HRC/(RES|DEC)/"),
    "GA": re.compile(r"A/(RES|DEC)/"),
    "ECOSOC": re.compile(r"ECOSOC (decision|resolution) |E/(RES|DEC)/"),
}
PRIVATE = re.compile(
    r"X[A-Z]{2}", re.ASCII
)  # codes that ISO 3166-1 leaves to its users, such as XKX for Kosovo
LATE = pd.Timedelta(days=366)  # after the end of a term, within which its reports still appear
TO_ONE = "correct the one or the other"
YES, NO, BOTH, NONE = "yes", "no", "both", "none"


@rule("documents", "mandate", "correct the date, or leave the document out")
def document_before_the_mandate(t: Tables) -> pd.DataFrame:
    """the document is dated {dated}, before the mandate was created ({since})"""
    created = t.resolutions[includes(t.resolutions["action"], "created")].sort_values("adopted_from").head(1)
    since = next(iter(created["adopted"]), None)
    first: pd.Timestamp = created["adopted_from"].min()
    dated = t.documents["date"].where(t.documents["date_from"].notna(), t.documents["listed_year"])
    found: pd.DataFrame = t.documents.assign(dated=dated, since=since)[t.documents["known_to"] < first]
    return found


def _of_another_body(frame: pd.DataFrame, heads: dict[str, re.Pattern[str]]) -> pd.DataFrame:
    """Rows whose symbol is of another body than `body` says, of those bodies that the package knows by these names."""
    named = [next((body for body, head in heads.items() if head.match(one)), "") for one in frame["symbol"]]
    frame = frame.assign(named=named)
    known = frame["named"].isin(list(frame["body"].cat.categories))
    return frame[known & frame["body"].notna() & (frame["named"] != frame["body"].astype(object))]


@rule("documents", "body", TO_ONE)
def document_of_another_body(t: Tables) -> pd.DataFrame:
    """the symbol {symbol} is of {named}, the column body says {body}"""
    return _of_another_body(t.documents, DOCUMENTS)


@rule("resolutions", "body", TO_ONE)
def resolution_of_another_body(t: Tables) -> pd.DataFrame:
    """the symbol {symbol} is of {named}, the column body says {body}"""
    return _of_another_body(t.resolutions, RESOLUTIONS)


@rule("documents", "session", TO_ONE)
def document_of_another_session(t: Tables) -> pd.DataFrame:
    """the symbol {symbol} is of {said}, but session is {session} and listed_year {listed_year}"""
    rows = []
    for row in t.documents.to_dict("records"):
        match = next(filter(None, (head.match(row["symbol"]) for head in DOCUMENTS.values())), None)
        parts = match.groupdict() if match else {}
        year = row["listed_year"].year if row["listed_year"] is not None else None
        stated = {"session": row["session"] if pd.notna(row["session"]) else None, "year": year}
        for part, said in parts.items():
            if said and stated[part] is not None and int(said) != stated[part]:
                rows.append(row | {"said": f"session {said}" if part == "session" else said})
    return pd.DataFrame(rows, columns=[*t.documents.columns, "said"])


@cache
def _countries_by_name() -> dict[str, tuple[str, str]]:
    """Code and name of the countries of ISO 3166-1, by every name that it has for them, in small letters."""
    return {
        name.casefold(): (country.alpha_3, country.name)
        for country in pycountry.countries
        for name in (country.name, getattr(country, "common_name", ""), getattr(country, "official_name", ""))
        if name
    }


@rule("countries", "country")
def country_without_code(t: Tables) -> pd.DataFrame:
    """{country} is not a country code of ISO 3166-1 (three letters)"""
    known = {one.alpha_3 for some in (pycountry.countries, pycountry.historic_countries) for one in some}
    codes = t.countries["country"].astype(object).fillna("")
    wrong = t.countries[
        ~codes.isin(known) & ~codes.map(lambda code: bool(PRIVATE.fullmatch(code))) & codes.ne("")
    ]

    def todo(name: str) -> str:
        where = "look it up at https://www.iso.org/obp/ui/#search"
        # The United Nations write a part of some names in brackets, ISO behind a comma or not at all.
        for form in (name.partition(" (")[0], name):
            for near in get_close_matches(form.casefold(), _countries_by_name(), n=1):
                code, called = _countries_by_name()[near]
                return f"did you mean `{code}` ({called})? If not, {where}"
        return where

    return wrong.assign(todo=wrong["name"].map(todo))


@rule("visits", "report", "correct report_symbol, or the kind of the document")
def report_of_another_kind(t: Tables) -> pd.DataFrame:
    """{report_symbol} is a document of the kind {kind}, not the report of a visit"""
    of_documents = t.documents.loc[t.documents["symbol"] != "", ["symbol", "kind"]]
    both = t.visits.merge(of_documents, left_on="report_symbol", right_on="symbol")
    return both[both["kind"].notna() & both["kind"].ne("visit") & ("visit" in t.codes("document_kind"))]


def _with_other(t: Tables, column: str) -> pd.DataFrame:
    """Visits that point in a column to another visit, with its columns (suffix `_before`)."""
    pointing = t.visits[(t.visits[column] != "") & (t.visits[column] != t.visits["visit_id"])]
    return pointing.merge(t.visits, left_on=column, right_on="visit_id", suffixes=("", "_before"))


def _elsewhere(visits: pd.DataFrame) -> pd.DataFrame:
    known = visits.dropna(subset=["country", "country_before"])
    return known[known["country"].astype(object) != known["country_before"].astype(object)]


@rule("visits", "visit", "correct follow_up_of")
def follow_up_elsewhere(t: Tables) -> pd.DataFrame:
    """follow_up_of points to {follow_up_of}, a visit to {country_before}, not {country}"""
    return _elsewhere(_with_other(t, "follow_up_of"))


@rule("visits", "visit", "correct follow_up_of or the dates")
def follow_up_too_early(t: Tables) -> pd.DataFrame:
    """its start ({start}) is not after the visit that it follows up ({start_before})"""
    both = _with_other(t, "follow_up_of")
    return both[both["start_to"] <= both["start_from_before"]]


@rule("visits", "visit", "correct held_as")
def held_elsewhere(t: Tables) -> pd.DataFrame:
    """held_as points to {held_as}, a visit to {country_before}, not {country}"""
    return _elsewhere(_with_other(t, "held_as"))


@rule("visits", "visit", "empty held_as, or correct outcome")
def held_and_held_as(t: Tables) -> pd.DataFrame:
    """a visit that was held has no held_as"""
    return t.visits[(t.visits["held_as"] != "") & (t.visits["outcome"] == "held")]


# --- differences between sources: one that says which value is used, and is wrong about it, misleads more than none ---


def _topics(t: Tables) -> pd.DataFrame:
    """The differences with what their topic has: the words in `drawn`, how many `yes`, the first line and `about`."""
    rows = t.differences[t.differences["topic_id"] != ""].assign(
        drawn=lambda of: of["drawn"].astype(object).fillna("")
    )
    topic = rows.groupby("topic_id", sort=False)
    return rows.assign(
        size=topic["drawn"].transform("size"),
        used=rows["drawn"].eq(YES).groupby(rows["topic_id"]).transform("sum"),
        words=rows["topic_id"].map(topic["drawn"].agg(lambda of: sorted(set(of)))),
        first_line=topic["line"].transform("first"),
        first_about=topic["about"].transform("first"),
        earlier=rows.groupby(["topic_id", "value"])["line"].transform("first"),
    )


def _first_rows(t: Tables) -> pd.DataFrame:
    """Of each topic with several rows and known words in `drawn`, its first row."""
    topics = _topics(t)
    known = topics["words"].map(lambda words: set(words) <= {YES, NO, BOTH, NONE}).astype(bool)
    return topics[(topics["line"] == topics["first_line"]) & (topics["size"] > 1) & known]


@rule("differences", "difference", "add the row of a source that says otherwise, or correct topic_id")
def topic_with_one_row(t: Tables) -> pd.DataFrame:
    """the topic {topic_id} has one row only, so that nothing differs"""
    return _topics(t).query("size == 1")


@rule("differences", "difference", "put the sources of both rows into one, or correct value")
def same_value_twice(t: Tables) -> pd.DataFrame:
    """another row, further up, gives the same value ({value}) of this topic"""
    return _topics(t).query("size > 1 and value != '' and line != earlier")


@rule("differences", "difference", "give all rows of a topic the same text")
def topic_under_two_headings(t: Tables) -> pd.DataFrame:
    """about: {about} is not what the first row of the topic says ({first_about})"""
    return _topics(t).query("about != '' and about != first_about")


@rule(
    "differences",
    "difference",
    "`both` and `none` go for all rows of a topic; otherwise one row has `yes`, the others `no`",
)
def mixed_words(t: Tables) -> pd.DataFrame:
    """the rows of the topic {topic_id} have different words in drawn: {words}"""
    rows = _first_rows(t)
    return rows[
        rows["words"].map(lambda words: len(words) > 1 and bool({BOTH, NONE} & set(words))).astype(bool)
    ]


@rule(
    "differences", "difference", "set drawn to `yes` in the row whose value is used, or to `none` in all rows"
)
def nothing_used(t: Tables) -> pd.DataFrame:
    """no value of the topic {topic_id} is used"""
    rows = _first_rows(t)
    return rows[rows["words"].map(lambda words: words == [NO]).astype(bool)]


@rule(
    "differences",
    "difference",
    "leave `yes` in one row, or set drawn to `both` in all if they are of different things",
)
def two_used(t: Tables) -> pd.DataFrame:
    """{used} values of the topic {topic_id} are used"""
    rows = _first_rows(t)
    return rows[
        (rows["used"] > 1) & rows["words"].map(lambda words: not {BOTH, NONE} & set(words)).astype(bool)
    ]


@rule("differences", "difference", "say why in a short sentence")
def used_without_rule(t: Tables) -> pd.DataFrame:
    """the value is used, but rule is empty"""
    return t.differences[t.differences["drawn"].isin([YES, BOTH]) & (t.differences["rule"] == "")]


def _keys(t: Tables, table: str) -> list[str]:
    """Keys of the rows of a table, their parts joined by `/`; none if there is no such table."""
    if table not in t:
        return []
    parts = t[table][primary_key(t.resource(table))].astype(object).map(str)
    return ["/".join(row) for row in parts.itertuples(index=False, name=None)]


@rule("differences", "reference")
def difference_about_nothing(t: Tables) -> pd.DataFrame:
    """it is about {table} {row_id} {field}, but {wrong}"""
    rows = []
    for row in t.differences.to_dict("records"):
        name, key, column = row["table"], row["row_id"], row["field"]
        if not (name or key or column):
            continue
        if not (name and key):
            wrong, todo = "table and row_id go together", "fill both, or empty both and field"
        elif name not in t or not len(t[name]):
            wrong = "there is no such table with rows"
            todo = hint(name, [*t], "name a table that datapackage.json describes")
        elif column and column not in t[name]:
            wrong = "the table has no such column"
            todo = hint(column, [*t[name].columns], "name a column, or leave field empty")
        elif key not in _keys(t, name):
            wrong, todo = (
                "the table has no such row",
                hint(key, _keys(t, name), "correct row_id, or add the row"),
            )
        else:
            continue
        rows.append(row | {"wrong": wrong, "todo": todo})
    return pd.DataFrame(rows, columns=[*t.differences.columns, "wrong", "todo"])


@rule("differences", "difference", "correct the one or the other, or say in drawn which value is used now")
def difference_of_another_value(t: Tables) -> pd.DataFrame:
    """drawn is {drawn} for {value}, but {field} of {row_id} in the table {table} is {cell}"""
    rows = []
    for row in t.differences.to_dict("records"):
        frame, column = t[row["table"]] if row["table"] in t else pd.DataFrame(), row["field"]
        if column not in frame:
            continue
        for key, value in zip(_keys(t, row["table"]), frame[column], strict=True):
            cell = str(value) if text_of(value) else ""
            if key != row["row_id"]:
                continue
            if (row["drawn"] in (YES, BOTH) and row["value"] != cell) or (row["drawn"] == NONE and cell):
                rows.append(row | {"cell": cell})
    return pd.DataFrame(rows, columns=[*t.differences.columns, "cell"])


# --- what deserves a look ---


@rule("sources", "address", "add one if it has one; say in the note how else it can be found", warns=True)
def source_without_address(t: Tables) -> pd.DataFrame:
    """the source has no address"""
    return t.sources[(t.sources["url"] == "") & (t.sources["kind"] != "assessment")]


def _outside_terms(t: Tables, frame: pd.DataFrame, first: str, last: str, late: pd.Timedelta) -> pd.DataFrame:
    """Rows whose days, from the latest `first` to the earliest `last`, fit into no term of their holder."""
    office = terms(t)[["holder_id", "start_from", "end_to"]]
    both = frame.dropna(subset="holder_id").merge(office, on="holder_id", suffixes=("", "_of_term"))
    fits = (both["start_from_of_term"] if "start_from_of_term" in both else both["start_from"]) <= both[first]
    ends = both["end_to_of_term"] if "end_to_of_term" in both else both["end_to"]
    fits &= ends.isna() | (both[last] - late <= ends) | both[last].isna()
    began = both["start_from_of_term" if "start_from_of_term" in both else "start_from"].dt.date.astype(str)
    both["served"] = began + " to " + ends.dt.date.astype(object).where(ends.notna(), "today").astype(str)
    both["served"] = both.groupby("line")["served"].transform(" and ".join)
    inside = set(both.loc[fits, "line"])
    return both[~both["line"].isin(inside) & both[first].notna()].drop_duplicates("line")


@rule("visits", "term", "look whether holder or date is right", warns=True)
def visit_outside_terms(t: Tables) -> pd.DataFrame:
    """the visit ({start}) lies outside the time in office of {holder_id} ({served})"""
    ends = t.visits["end_from"].fillna(t.visits["start_from"])
    return _outside_terms(
        t, t.visits.assign(last=ends, first=t.visits["start_to"]), "first", "last", pd.Timedelta(0)
    )


@rule("documents", "term", "look whether holder or date is right", warns=True)
def document_outside_terms(t: Tables) -> pd.DataFrame:
    """the document (of {listed_year}) lies outside the time in office of {holder_id} ({served}) and the year after"""
    return _outside_terms(t, t.documents, "known_to", "known_from", LATE)


@rule(
    "terms",
    "together",
    "look whether a date is right, or set holders_at_a_time in datapackage.json",
    warns=True,
)
def too_many_at_a_time(t: Tables) -> pd.DataFrame:
    """{holder_id} holds the mandate beside {beside} {days}; holders_at_a_time is {seats}"""
    seats = t.about("holders_at_a_time")
    if seats is None:
        return t.terms.iloc[:0]
    found = overlaps(terms(t), seats)
    first, last = (
        [None if pd.isna(day) else show(pd.Period(day, "D")) for day in found[end]]
        for end in ("start_to", "beside_until")
    )
    days = [f"from {a} to {b}" if b else f"from {a} on" for a, b in zip(first, last, strict=True)]
    found = found.assign(days=days, seats=seats)[["start_says", "beside", "days", "seats"]]
    return t.terms.merge(found, left_on="term_statement_id", right_on="start_says")
