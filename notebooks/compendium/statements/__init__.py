"""Checkable statements of the assessment, recomputed from the tables where they can decide, else judged or open.

A check is a small function of a `Case`: the rows that a statement is about, what it states of them, and the record
without what the assessment alone says. `case` has what checks share; each public function of `on_the_record` and
`on_the_text` is a check.
A fault in a check is an error and never a verdict: only what the record lacks leaves a statement open.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from compendium.statements import on_the_record, on_the_text
from compendium.statements.case import OPEN, Case, Given, Outcome, UndecidedError, UnfitError
from compendium.tables import Tables

COMPUTED = "computed"  # what the column `verdict` says where a check of the package gives it
BY_READING = "reading"  # what the column `check` says where a person read the source
CHECKS: dict[str, Callable[[Case], Outcome]] = {
    name: function
    for module in (on_the_record, on_the_text)
    for name, function in vars(module).items()
    if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
}

__all__ = ["BY_READING", "CHECKS", "COMPUTED", "OPEN", "describe", "source", "unfit", "verdicts"]


def verdicts(t: Tables) -> pd.DataFrame:
    """The table `claims` with every verdict that can be computed from the other tables.

    A row whose `check` names a check of the package gets `verdict` and `reason` from it; the others keep what the table
    has. Added are `computed` (whether it was), `how` (what was compared, in words) and `source_ids`: the sources that
    the check used, or those that were read (table `claim_readings`).
    Raises KeyError if a row that is to be computed names no check of the package, UnfitError if `unfit` tells of it.
    """
    read = t.claim_readings.groupby("claim_id")["source_id"].agg(lambda of: list(dict.fromkeys(of)))
    claims = t.claims.assign(computed=t.claims["verdict"] == COMPUTED)
    words = t.vocabularies[t.vocabularies["vocabulary"] == "claim_check"]
    labels = dict(zip(words["code"], words["label"], strict=True))
    record, found = Case(t), []
    row: Any
    for row in claims.itertuples():
        if row.computed:
            verdict, reason, sources = _outcome(record, row)
            found.append((verdict, reason, describe(row.check), list(sources)))
        else:
            found.append((row.verdict, row.reason, labels.get(row.check, ""), read.get(row.claim_id, [])))
    columns = pd.DataFrame(found, claims.index, ["verdict", "reason", "how", "source_ids"], dtype=object)
    return claims.assign(**columns).astype({"verdict": t.claims["verdict"].dtype})


def _outcome(record: Case, claim: Any) -> Outcome:
    try:
        return CHECKS[claim.check](replace(record, about=Given(claim.about), stated=Given(claim.stated)))
    except UndecidedError as undecided:
        return Outcome(OPEN, str(undecided))


def unfit(t: Tables) -> Iterator[tuple[int, str, str, str]]:
    """Claims whose check cannot work on what they give it: number of the row, key, check, and why not, in words."""
    record = Case(t)
    row: Any
    for place, row in enumerate(t.claims.itertuples()):
        if row.verdict == COMPUTED and row.check in CHECKS:
            try:
                _outcome(record, row)
            except UnfitError as error:
                yield place, row.claim_id, row.check, str(error)


def describe(check: str) -> str:
    """What a check of the package compares, in a sentence; KeyError if there is none of this name."""
    return (inspect.getdoc(CHECKS[check]) or "").splitlines()[0]


def source(check: str) -> str:
    """The code of a check of the package, with its own helpers; KeyError if there is none of this name."""
    parts: list[Callable[..., Any]] = [CHECKS[check]]
    for part in parts:
        names = dict.fromkeys(re.findall(r"\b_[a-z_]+(?=[(,])", inspect.getsource(part)))
        parts += [one for name in names if (one := part.__globals__[name]) not in parts]
    return "\n\n".join(map(inspect.getsource, parts))
