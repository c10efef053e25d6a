"""Checkable statements of the assessment, recomputed from the tables where they can decide, else judged or open.

A check is a small function of the record, of the rows that a statement is about, and of what it states of them; `record`
has what checks share, `on_documents` and `on_the_mandate` have the checks. A fault in a check is an error and never a
verdict: only what the record lacks leaves a statement open.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pandas as pd

from compendium.statements import on_documents, on_the_mandate  # noqa: F401  (they register their checks)
from compendium.statements.record import CHECKS, OPEN, Outcome, Record, UndecidedError
from compendium.tables import Tables

COMPUTED = "computed"  # what the column `verdict` says where a check of the package gives it
BY_READING = "reading"  # what the column `check` says where a person read the source

__all__ = ["BY_READING", "CHECKS", "COMPUTED", "OPEN", "describe", "source", "unfit", "verdicts"]


def verdicts(t: Tables) -> pd.DataFrame:
    """The table `claims` with every verdict that can be computed from the other tables.

    A row whose `check` names a check of the package gets `verdict` and `reason` from it; the others keep what the table
    has. Added are `computed` (whether it was), `how` (what was compared, in words) and `source_ids`: the sources that the
    check used, or those that were read (table `claim_readings`).
    Raises KeyError if a row that is to be computed names no check of the package.
    """
    read = t.claim_readings.groupby("claim_id")["source_id"].agg(lambda of: list(dict.fromkeys(of)))
    claims = t.claims.assign(computed=t.claims["verdict"] == COMPUTED)
    labels = t.labels("claim_check") if len(claims) else {}
    record, rows = Record(t), []
    for row in claims.to_dict("records"):
        how, sources = labels.get(row["check"], ""), read.get(row["claim_id"], [])
        verdict, reason = row["verdict"], row["reason"]
        if row["computed"]:
            verdict, reason, sources = _outcome(record, row["check"], row["about"], row["stated"])
            how = describe(row["check"])
        rows.append((verdict, reason, how, list(sources)))
    found = pd.DataFrame(
        rows, columns=["verdict", "reason", "how", "source_ids"], index=claims.index, dtype=object
    )
    return claims.assign(**found).astype({"verdict": t.claims["verdict"].dtype})


def _outcome(record: Record, check: str, about: list[str], stated: list[str]) -> Outcome:
    """What a check finds; IndexError or ValueError where it cannot work on the values that it is given."""
    try:
        return CHECKS[check](record, about, stated)
    except UndecidedError as undecided:
        return Outcome(OPEN, str(undecided))


def unfit(t: Tables) -> Iterator[tuple[int, str, str, str]]:
    """Claims whose check cannot work on what they give it: number of the row, key, check, and why not."""
    record = Record(t)
    for place, row in enumerate(t.claims.itertuples()):
        if row.verdict == COMPUTED:
            try:
                _outcome(record, row.check, row.about, row.stated)
            except IndexError:
                yield place, row.claim_id, row.check, "a value is missing"
            except ValueError as error:
                yield place, row.claim_id, row.check, str(error)


def describe(check: str) -> str:
    """What a check of the package compares, in a sentence; KeyError if there is none of this name."""
    return (inspect.getdoc(CHECKS[check]) or "").splitlines()[0]


def source(check: str) -> str:
    """The code of a check of the package; KeyError if there is none of this name."""
    return inspect.getsource(CHECKS[check])
