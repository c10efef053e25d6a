"""Terms of office, drawn from statements that may disagree or be vague."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd

from compendium.legacy_tables import Tables
from compendium.periods import YEAR, end_of, start_of

Statement = dict[str, Any]  # a row of the table terms, with the rank of its best source
STARTING = ("took_office", "appointed")
LEAVING = ("left_office",)


def terms(tables: Tables) -> pd.DataFrame:
    """Start and end of each holder's terms by the rule below, with the zone in which each may lie.

    The rule, for each end of a term, over the confirmed statements: the kind of source that comes first in the
    vocabulary `source_kind`; among these the most precise date; among these taking office before appointment. The
    *zone* runs from the earliest to the latest day that the statements allow, without those that only repeat another
    one less precisely, without appointments where the day of taking office is known, and not before the mandate was
    created. Where one person holds the mandate at a time, it does not run past what the neighbouring terms allow.
    A term of which no confirmed statement gives a start has no place in time and is left out.

    Returns one row a holder and term, in order of office: `holder_id`, `ordinal`, `short_name`, `term`; `start`
    (Period), `start_from`, `start_to` (dates of the zone), `start_says` (key of the statement chosen); and `end`,
    `end_from`, `end_to`, `end_says`, all None where no source states an end.
    """
    statements = tables["terms"].query("status == 'confirmed'")
    statements = statements.assign(rank=_ranks(tables, statements))
    created = _created(tables)
    said: dict[tuple[str, int], list[Statement]] = defaultdict(list)
    for statement in statements.to_dict("records"):
        said[statement["holder_id"], statement["term"]].append({str(k): v for k, v in statement.items()})
    rows: list[dict[str, object]] = []
    for (holder, term), of_term in sorted(said.items()):
        row: dict[str, object] = {"holder_id": holder, "term": term}
        for end, events in (("start", STARTING), ("end", LEAVING)):
            of_end = [statement for statement in of_term if statement["event"] in events]
            row |= {f"{end}{suffix}": value for suffix, value in _bound(of_end, created).items()}
        if row["start"] is not None:
            rows.append(row)
    holders = tables["holders"][["holder_id", "ordinal", "short_name"]]
    columns = [f"{end}{suffix}" for end in ("start", "end") for suffix in ("", "_from", "_to", "_says")]
    frame = pd.DataFrame(rows, columns=["holder_id", "term", *columns], dtype=object)
    found = holders.merge(frame, on="holder_id").sort_values(["ordinal", "term"], ignore_index=True)
    one_at_a_time = tables.descriptor.get("mandate", {}).get("holders_at_a_time") == 1
    return _within_neighbours(found) if one_at_a_time else found


def _ranks(tables: Tables, statements: pd.DataFrame) -> list[int]:
    """Of each statement, the place of the best kind of its sources; all alike in a package without sources."""
    if "sources" not in tables:
        return [0] * len(statements)
    kinds = tables.codes("source_kind")
    kind_of = dict(zip(tables["sources"]["source_id"], tables["sources"]["kind"], strict=True))
    return [min(kinds.index(kind_of[source]) for source in sources) for sources in statements["source_ids"]]


def _within_neighbours(found: pd.DataFrame) -> pd.DataFrame:
    """The terms in order of office, their zones cut where the one before or after leaves no room."""
    rows = found.to_dict("records")
    for earlier, later in pairwise(rows):
        if earlier["end"] is not None:
            earlier["end_to"] = max(earlier["end_from"], min(earlier["end_to"], later["start_to"]))
            later["start_from"] = min(later["start_to"], max(later["start_from"], earlier["end_from"]))
    return pd.DataFrame(rows, columns=found.columns, dtype=object)  # or a missing end may become NaT


def _created(tables: Tables) -> date:
    """First possible day of the mandate; date.min where no resolution of the package created one."""
    if "resolutions" not in tables:
        return date.min
    resolutions = tables["resolutions"]
    created = resolutions[["created" in actions for actions in resolutions["action"]]]
    return min((start_of(adopted) for adopted in created["adopted"]), default=date.min)


def _bound(said: Sequence[Statement], created: date) -> dict[str, object]:
    """The chosen date, the zone and the statement chosen, of the statements on one end of one term."""
    if not said:
        return {"": None, "_from": None, "_to": None, "_says": None}
    order = [*STARTING, *LEAVING]
    spans = [(start_of(statement["date"]), end_of(statement["date"])) for statement in said]
    lengths = [(last - first).days for first, last in spans]
    ranked = [
        (statement["rank"], length, order.index(statement["event"]), place)
        for place, (statement, length) in enumerate(zip(said, lengths, strict=True))
    ]
    chosen = said[min(ranked)[-1]]
    day_known = any(
        statement["event"] == STARTING[0] and not length
        for statement, length in zip(said, lengths, strict=True)
    )
    counted = {
        reach
        for statement, reach in zip(said, spans, strict=True)
        if not day_known or statement["event"] != STARTING[1]
    }
    precise = [a for a in counted if not any(b != a and a[0] <= b[0] and b[1] <= a[1] for b in counted)]
    return {
        "": chosen["date"],
        "_from": max(created, min(first for first, _ in precise)),
        "_to": max(created, max(last for _, last in precise)),
        "_says": chosen["term_statement_id"],
    }


def years_in_office(frame: pd.DataFrame, until: date) -> pd.DataFrame:
    """Time in office of each holder up to `until`, as far as sources tell.

    `frame` is what `terms` returns. A term runs from its first to its last day, both included; one without a stated end
    runs to `until`. Where a zone leaves the first or the last day open, the shortest and the longest time that it
    allows are given. Returns one row a holder: `holder_id`, `short_name`, `ordinal`, `shortest`, `longest` (years of
    365.25 days).
    """
    rows = []
    for term in frame.to_dict("records"):
        first_end, last_end = (until, until) if term["end"] is None else (term["end_from"], term["end_to"])
        shortest = (min(first_end, until) - term["start_to"]).days + 1
        longest = (min(last_end, until) - term["start_from"]).days + 1
        who = (term["holder_id"], term["short_name"], term["ordinal"])
        rows.append((*who, max(0, shortest) / YEAR, max(0, longest) / YEAR))
    columns = ["holder_id", "short_name", "ordinal", "shortest", "longest"]
    served = pd.DataFrame(rows, columns=columns).groupby(columns[:3], as_index=False, sort=False).sum()
    return served.sort_values("ordinal", ignore_index=True)


def in_office(frame: pd.DataFrame, day: date) -> list[str]:
    """Keys of the holders who had taken office, at the latest day that sources allow, on `day` (rows of `terms`)."""
    return list(frame.loc[[start <= day for start in frame["start_to"]], "holder_id"])
