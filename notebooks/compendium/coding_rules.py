"""What must hold inside the coding: how each checkable statement is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from compendium.claim_checks import CHECKS, OPEN
from compendium.claims import BY_READING, COMPUTED, unfit
from compendium.legacy_tables import VOCABULARIES, Tables
from compendium.problems import Problem, quoted
from compendium.rules import Neighbours, Table


def problems(tables: Mapping[str, Table], neighbours: Neighbours) -> Iterator[Problem]:
    """Claims whose columns `check`, `verdict` and `reason` contradict one another, or that name no source read."""
    table, words = tables.get("claims"), tables.get(VOCABULARIES)
    if not table or not table.has("claim_id", "check", "verdict", "reason"):
        return
    readings = tables.get("claim_readings")
    known = readings is None or not readings.complete_in("claim_id")
    read = readings.values("claim_id") if readings and not known else {}
    codes = {
        row["code"]
        for row in (words.rows if words and words.has("vocabulary", "code") else [])
        if row["vocabulary"] == "claim_check"
    }
    for number, row in enumerate(table.rows):
        for message, todo in _faults(row, codes, neighbours):
            yield table.problem(number, "claim", message, todo)
        if row["check"] == BY_READING and not known and row["claim_id"] not in read:
            message = "a source was read for it, but `claim_readings` has none"
            yield table.problem(number, "claim", message, "add the reading there")


def _faults(row: dict[str, str], codes: set[str], neighbours: Neighbours) -> Iterator[tuple[str, str]]:
    """What is wrong with a claim, each with what to do."""
    check, verdict = row["check"], row["verdict"]
    if check and check not in CHECKS and check not in codes:
        yield (
            f"check: {quoted(check)} is no check of the package and no code of the vocabulary `claim_check`",
            neighbours.hint(check, [*CHECKS, *codes], "see notebook 07 for the checks that there are"),
        )
    elif check in CHECKS and verdict != COMPUTED:
        yield (
            f"verdict: {quoted(check)} computes it, but {quoted(verdict)} is typed",
            f"set verdict to {quoted(COMPUTED)}, or check to {quoted(BY_READING)}",
        )
    elif check in CHECKS and row["reason"]:
        yield "reason: it is computed, but typed here", "empty it, or check by reading"
    elif check == BY_READING and verdict in (COMPUTED, OPEN):
        yield f"verdict: a source was read, but it says {quoted(verdict)}", "say what the source shows"
    elif check in codes - {BY_READING} and verdict != OPEN:
        yield f"verdict: {quoted(check)} means that it cannot be checked", f"set it to {quoted(OPEN)}"
    if check in codes and not row["reason"]:
        yield "reason: the cell is empty", "say why, or what would settle it"


def unfit_claims(tables: Tables, file: str) -> list[Problem]:
    """Claims of a package that is sound otherwise whose check cannot work on their `about` and `stated`."""
    return [
        Problem(
            file,
            number + 2,
            claim,
            "claim",
            f"about and stated do not fit the check {quoted(check)}: {why}",
            "see notebook 07 for what it compares, and another claim with this check as model",
        )
        for number, claim, check, why in unfit(tables)
    ]
