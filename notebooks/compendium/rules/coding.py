"""Rules on how each checkable statement of the assessment is checked."""

from __future__ import annotations

import pandas as pd

from compendium.problems import did_you_mean
from compendium.rules import SOUND, rule, words
from compendium.statements import BY_READING, CHECKS, COMPUTED, OPEN, unfit
from compendium.tables import Tables


def _claims(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """Claims, with check and verdict as text, and whether the check is a `program` or a `word` of the vocabulary."""
    plain = {name: rows[name].astype(object).where(rows[name].notna(), "") for name in ("check", "verdict")}
    return rows.assign(
        **plain, program=plain["check"].isin([*CHECKS]), word=plain["check"].isin(words(t, "claim_check"))
    )


@rule("claims", "claim")
def unknown_check(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """check: {check} is no check of the package and no code of the vocabulary `claim_check`"""
    known, otherwise = [*CHECKS, *words(t, "claim_check")], "see notebook 07 for the checks that there are"
    wrong = _claims(t, rows).query("check != '' and not program and not word")
    return wrong.assign(todo=wrong["check"].map(lambda check: did_you_mean(check, known, otherwise)))


@rule("claims", "claim", f"set verdict to `{COMPUTED}`, or check to `{BY_READING}`")
def typed_verdict(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """verdict: {check} computes it, but {verdict} is typed"""
    return _claims(t, rows).query("program and verdict != @COMPUTED")


@rule("claims", "claim", "empty it, or check by reading")
def typed_reason(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """reason: it is computed, but typed here"""
    return _claims(t, rows).query("program and verdict == @COMPUTED and reason != ''")


@rule("claims", "claim", "say what the source shows")
def read_without_verdict(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """verdict: a source was read, but it says {verdict}"""
    return _claims(t, rows).query("check == @BY_READING and verdict in [@COMPUTED, @OPEN]")


@rule("claims", "claim", f"set it to `{OPEN}`")
def open_with_verdict(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """verdict: {check} means that it cannot be checked"""
    return _claims(t, rows).query("word and not program and check != @BY_READING and verdict != @OPEN")


@rule("claims", "claim", "say why, or what would settle it")
def without_reason(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """reason: the cell is empty"""
    return _claims(t, rows).query("word and reason == ''")


@rule("claims", "claim", "add the reading there")
def read_without_reading(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """a source was read for it, but `claim_readings` has none"""
    return rows[(rows["check"] == BY_READING) & ~rows["claim_id"].isin(t.claim_readings["claim_id"])]


@rule(
    "claims",
    "claim",
    "see notebook 07 for what it compares, and another claim with this check as model",
    SOUND,
)
def unfit_for_check(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """about and stated do not fit the check {check}: {why}"""
    found = {place: why for place, _, _, why in unfit(t)}
    return rows.iloc[list(found)].assign(why=list(found.values()))
