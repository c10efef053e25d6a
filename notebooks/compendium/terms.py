"""Terms of office, drawn from statements that may disagree or be vague."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd

from compendium.periods import YEAR
from compendium.tables import Tables, includes

STARTING = ("took_office", "appointed")
EVENTS = (*STARTING, "left_office")
ENDS = {"start": STARTING, "end": ("left_office",)}
COLUMNS = [f"{end}{suffix}" for end in ENDS for suffix in ("", "_from", "_to", "_says")]
DAYS = [f"{end}_{edge}" for end in ENDS for edge in ("from", "to")]


def terms(t: Tables) -> pd.DataFrame:
    """Start and end of each holder's terms by the rule below, with the zone in which each may lie.

    The rule, for each end of a term, over the confirmed statements: the kind of source that comes first in the
    vocabulary `source_kind`; among these the most precise date; among these taking office before appointment. The
    *zone* runs from the earliest to the latest day that the statements allow, without those that only repeat another
    one less precisely, without appointments where the day of taking office is known, and not before the mandate was
    created. Where one person holds the mandate at a time, it does not run past what the terms before and after it in
    time allow. A term of which no confirmed statement gives a start has no place in time and is left out.

    Returns one row a holder and term, in order of time: `holder_id`, `term`; `start` (Period), `start_from`, `start_to`
    (days of the zone), `start_says` (key of the statement chosen); and `end`, `end_from`, `end_to`, `end_says`, which
    are None or NaT where no source states an end.
    """
    said = t.terms.assign(
        rank=_ranks(t),
        length=t.terms["date_to"] - t.terms["date_from"],
        order=t.terms["event"].astype(object).map(EVENTS.index),
    )
    said = said[said["sure"] & said["date_from"].notna()].sort_values(
        ["rank", "length", "order"], kind="stable"
    )
    created = t.resolutions.loc[includes(t.resolutions["action"], "created"), "adopted_from"].min()
    rows = []
    for (holder, term), of_term in said.groupby(["holder_id", "term"], observed=True):
        row: dict[str, Any] = {"holder_id": holder, "term": term}
        for end, events in ENDS.items():
            row |= _bound(end, of_term[of_term["event"].isin(events)], created)
        rows.append(row)
    found = pd.DataFrame(rows, columns=["holder_id", "term", *COLUMNS], dtype=object).dropna(subset="start")
    types = {name: t.terms[name].dtype for name in ("holder_id", "term")}
    found = found.astype(types | dict.fromkeys(DAYS, "datetime64[s]"))
    found = found.sort_values(["start_from", "start_to", "holder_id"], ignore_index=True)
    return _within_neighbours(found) if t.about("holders_at_a_time") == 1 else found


def _ranks(t: Tables) -> pd.Series:
    """Of each statement, the place of the best kind of its sources in the order of kinds; what has none comes last."""
    kinds = t.sources["kind"].cat
    last = len(kinds.categories)
    place = dict(zip(t.sources["source_id"], kinds.codes.replace(-1, last), strict=True))
    return t.terms["source_ids"].map(lambda ids: min((place.get(one, last) for one in ids), default=last))


def _bound(end: str, said: pd.DataFrame, created: pd.Timestamp) -> dict[str, Any]:
    """The chosen date of an end of a term, its zone and the statement chosen; `said` has the best statement first."""
    if said.empty:
        return dict.fromkeys((end, f"{end}_from", f"{end}_to", f"{end}_says"))
    chosen = said.iloc[0]
    day_known = ((said["event"] == STARTING[0]) & (said["length"] == pd.Timedelta(0))).any()
    counted = said[said["event"] != STARTING[1]] if day_known else said
    spans = set(zip(counted["date_from"], counted["date_to"], strict=True))
    precise = [a for a in spans if not any(b != a and a[0] <= b[0] and b[1] <= a[1] for b in spans)]
    first, last = min(a for a, _ in precise), max(b for _, b in precise)
    return {
        end: chosen["date"],
        f"{end}_from": first if pd.isna(created) else max(created, first),
        f"{end}_to": last if pd.isna(created) else max(created, last),
        f"{end}_says": chosen["term_statement_id"],
    }


def _within_neighbours(found: pd.DataFrame) -> pd.DataFrame:
    """Terms in order of time, their zones cut where the one before or after leaves no room.

    Nothing is cut where either may have been the first, or where sources contradict each other.
    """
    rows = found.to_dict("records")
    for pair in pairwise(rows):
        for one, next_ in (pair, pair[::-1]):
            first = one["start_to"] <= next_["start_from"] or one["end_to"] <= _surely_until(next_)
            if first and one["end_from"] <= next_["start_to"]:
                one["end_to"] = min(one["end_to"], next_["start_to"])
                next_["start_from"] = max(next_["start_from"], one["end_from"])
    days = {day: pd.Series([row[day] for row in rows], found.index, dtype="datetime64[s]") for day in DAYS}
    return found.assign(**days)


def _surely_until(term: dict[Any, Any]) -> pd.Timestamp:
    """First day on which a term may have ended; the last of all days where no end is stated."""
    return pd.Timestamp.max if pd.isna(term["end_from"]) else term["end_from"]


def lengths(found: pd.DataFrame, until: pd.Timestamp) -> tuple[pd.Series, pd.Series]:
    """The shortest and the longest time that each row of `terms` allows, up to `until`, in years of 365.25 days.

    A term runs from its first to its last day, both included; one without a stated end runs to `until`.
    """
    ends = found[["end_from", "end_to"]].fillna(until).clip(upper=until)
    shortest = (ends["end_from"] - found["start_to"]).dt.days + 1
    longest = (ends["end_to"] - found["start_from"]).dt.days + 1
    return shortest.clip(lower=0) / YEAR, longest.clip(lower=0) / YEAR


def years_in_office(found: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """Time in office of each holder up to `until`, as far as sources tell; `found` is what `terms` returns.

    Returns one row a holder: `holder_id`, `shortest`, `longest`, as `lengths` has them for their terms.
    """
    shortest, longest = lengths(found, until)
    served = found[["holder_id"]].assign(shortest=shortest, longest=longest)
    return served.groupby("holder_id", observed=True).sum().reset_index()


def rates(found: pd.DataFrame, until: pd.Timestamp, happened: pd.Series) -> pd.DataFrame:
    """How often something happened a year in office, for each holder who has served a month at least.

    `found` is what `terms` returns, `happened` a column with the holder of each happening. Returns `years_in_office`
    with `number`, `a_year_at_least` and `a_year_at_most`; of equal bounds of a term the two are one.
    """
    served = years_in_office(found, until)
    served = served[served["longest"] > 1 / 12].reset_index(drop=True)  # less gives no rate
    number = served["holder_id"].astype(object).map(happened.value_counts()).fillna(0).astype(int)
    least = served["shortest"].where(served["shortest"] > 0, served["longest"])
    return served.assign(
        number=number, a_year_at_least=number / served["longest"], a_year_at_most=number / least
    )


def in_office(found: pd.DataFrame, day: pd.Timestamp) -> list[str]:
    """Keys of the holders who had taken office, at the latest day that sources allow, on `day` (rows of `terms`)."""
    return list(found.loc[found["start_to"] <= day, "holder_id"].unique())


def overlaps(found: pd.DataFrame, at_a_time: int) -> pd.DataFrame:
    """The terms (rows of `terms`) that surely began while as many others served as can hold the mandate at a time.

    One without a stated end is taken to go on. Adds `beside` (keys of the holders who served then), and `beside_until`
    (the first day on which one of them may have left; NaT where no end is stated).
    """
    rows = found.sort_values("start_to", kind="stable").to_dict("records")
    crowded = []
    for place, row in enumerate(rows):
        serving = [one for one in rows[:place] if _surely_until(one) > row["start_to"]]
        others = [one for one in serving if one["holder_id"] != row["holder_id"]]
        beside = list(dict.fromkeys(one["holder_id"] for one in others))
        if len(beside) >= at_a_time:
            stated = [one["end_from"] for one in (*others, row) if not pd.isna(one["end_from"])]
            crowded.append(row | {"beside": beside, "beside_until": min(stated, default=pd.NaT)})
    return pd.DataFrame(crowded, columns=[*found.columns, "beside", "beside_until"])
