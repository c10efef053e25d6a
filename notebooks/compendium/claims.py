"""Verdicts on the checkable statements of the assessment: computed where the tables can decide, else judged or open."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from compendium.claim_checks import CHECKS, OPEN, Outcome, UndecidedError
from compendium.legacy_tables import Tables

COMPUTED = "computed"  # what the column `verdict` says where a check of the package gives it
OTHERWISE = "The tables of this package are described otherwise than the check expects."
BY_READING = "reading"  # what the column `check` says where a person read the source


def verdicts(t: Tables) -> pd.DataFrame:
    """The table `claims` with every verdict that can be computed from the other tables.

    A row whose `check` names a function of `claim_checks` gets `verdict` and `reason` from it; the others keep what the
    table has. Added are `computed` (whether it was), `how` (what was compared, in words) and `source_ids`: the sources
    that the check used, or those that were read (table `claim_readings`).
    Raises KeyError if a row that is to be computed names no check of the package.
    """
    t = t.anew()
    claims = t["claims"]
    read: dict[str, list[str]] = {}
    for reading in t["claim_readings"].itertuples() if "claim_readings" in t else ():
        read.setdefault(str(reading.claim_id), []).append(str(reading.source_id))
    rows = []
    for row in claims.to_dict("records"):
        row |= {
            "computed": row["verdict"] == COMPUTED,
            "source_ids": list(dict.fromkeys(read.get(row["claim_id"], []))),
        }
        if row["computed"]:
            outcome = _outcome(t, row)
            row |= {
                "verdict": outcome.verdict,
                "reason": outcome.reason,
                "how": describe(row["check"]),
                "source_ids": list(dict.fromkeys(outcome.source_ids)),
            }
        else:
            row["how"] = t.labels("claim_check")[row["check"]]
        rows.append(row)
    return pd.DataFrame(rows, columns=[*claims.columns, "computed", "how", "source_ids"])


def _outcome(t: Tables, claim: Mapping[Any, Any]) -> Outcome:
    """What the check of a claim finds; IndexError or ValueError where it cannot work on the values that it is given."""
    check = CHECKS[claim["check"]]
    try:
        return check(t, claim["about"], claim["stated"])
    except UndecidedError as undecided:
        return Outcome(OPEN, str(undecided))
    except (KeyError, AttributeError, TypeError):
        return Outcome(OPEN, OTHERWISE)


def unfit(t: Tables) -> Iterator[tuple[int, str, str, str]]:
    """Claims whose check cannot work on what they give it: number of the row, key, check, and why not."""
    claims = t["claims"] if "claims" in t else pd.DataFrame()
    if not {"check", "about", "stated", "verdict"} <= set(claims.columns):
        return
    for number, row in enumerate(claims.to_dict("records")):
        if row["verdict"] == COMPUTED:
            try:
                _outcome(t, row)
            except IndexError:
                yield number, row["claim_id"], row["check"], "a value is missing"
            except ValueError as error:
                yield number, row["claim_id"], row["check"], str(error)


def describe(check: str) -> str:
    """What a check of the package compares, in a sentence; KeyError if there is none of this name."""
    return (inspect.getdoc(CHECKS[check]) or "").splitlines()[0]


def source(check: str) -> str:
    """The code of a check of the package; KeyError if there is none of this name."""
    return inspect.getsource(CHECKS[check])
