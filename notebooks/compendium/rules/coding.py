"""Rules on the coding, and on what all tables share: sources, footnotes, ends, circles, terms."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from compendium import description
from compendium.problems import hint
from compendium.rules import rule
from compendium.statements import BY_READING, CHECKS, COMPUTED, OPEN, unfit
from compendium.tables import Tables
from compendium.terms import EVENTS

STARTS_AND_ENDS = [("date", "end"), ("start", "end"), ("horizon_start", "horizon_end")]
LEFT = EVENTS[-1]


def _claims(t: Tables) -> pd.DataFrame:
    """Claims with check and verdict as plain text, and whether the check is a program or a code of the vocabulary."""
    plain = t.claims.astype({"check": object, "verdict": object}).fillna({"verdict": ""})
    codes = t.vocabularies.loc[t.vocabularies["vocabulary"] == "claim_check", "code"]
    return plain.assign(program=plain["check"].isin(list(CHECKS)), code=plain["check"].isin(codes))


@rule("claims", "claim")
def unknown_check(t: Tables) -> pd.DataFrame:
    """check: {check} is no check of the package and no code of the vocabulary `claim_check`"""
    claims, codes = _claims(t), t.codes("claim_check")
    wrong = claims[(claims["check"] != "") & ~claims["program"] & ~claims["code"]]
    known = [*CHECKS, *codes]
    todo = wrong["check"].map(
        lambda check: hint(check, known, "see notebook 07 for the checks that there are")
    )
    return wrong.assign(todo=todo)


@rule("claims", "claim", f"set verdict to `{COMPUTED}`, or check to `{BY_READING}`")
def typed_verdict(t: Tables) -> pd.DataFrame:
    """verdict: {check} computes it, but {verdict} is typed"""
    return _claims(t).query("program and verdict != @COMPUTED")


@rule("claims", "claim", "empty it, or check by reading")
def typed_reason(t: Tables) -> pd.DataFrame:
    """reason: it is computed, but typed here"""
    return _claims(t).query("program and verdict == @COMPUTED and reason != ''")


@rule("claims", "claim", "say what the source shows")
def read_without_verdict(t: Tables) -> pd.DataFrame:
    """verdict: a source was read, but it says {verdict}"""
    return _claims(t).query("check == @BY_READING and verdict in [@COMPUTED, @OPEN]")


@rule("claims", "claim", f"set it to `{OPEN}`")
def open_with_verdict(t: Tables) -> pd.DataFrame:
    """verdict: {check} means that it cannot be checked"""
    return _claims(t).query("code and check != @BY_READING and verdict != @OPEN")


@rule("claims", "claim", "say why, or what would settle it")
def without_reason(t: Tables) -> pd.DataFrame:
    """reason: the cell is empty"""
    return _claims(t).query("code and reason == ''")


@rule("claims", "claim", "add the reading there")
def read_without_reading(t: Tables) -> pd.DataFrame:
    """a source was read for it, but `claim_readings` has none"""
    claims = _claims(t)
    return claims[(claims["check"] == BY_READING) & ~claims["claim_id"].isin(t.claim_readings["claim_id"])]


@rule("claims", "claim", "see notebook 07 for what it compares, and another claim with this check as model")
def unfit_for_check(t: Tables) -> pd.DataFrame:
    """about and stated do not fit the check {check}: {why}"""
    found = {place: why for place, _, _, why in unfit(t)}
    return t.claims.iloc[list(found)].assign(why=list(found.values()))


def _everywhere(
    name: str, todo: str, has: tuple[str, ...], message: str, find: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    """Register a rule on each table of the project that has these columns."""
    for resource in description.schema()["resources"]:
        if set(has) <= set(description.fields(resource)):
            table = resource["name"]

            def on_table(t: Tables, table: str = table) -> pd.DataFrame:
                return find(t[table])

            on_table.__doc__ = message
            rule(table, name, todo)(on_table)


_everywhere(
    "source",
    "name the source, or set status to `unverified`",
    ("status", "source_ids"),
    "the row is `confirmed`, but source_ids is empty",
    lambda rows: rows[rows["sure"] & ~rows["source_ids"].map(bool).astype(bool)],
)
_everywhere(
    "circle",
    "leave footnote empty, or name the paragraph in passage_id",
    ("passage_id", "footnote"),
    "footnote: {footnote} is the row's own passage",
    lambda rows: rows[(rows["footnote"] != "") & (rows["footnote"] == rows["passage_id"])],
)
for start, end in STARTS_AND_ENDS:
    _everywhere(
        "end-before-start",
        "correct one of the two dates",
        (start, end),
        f"{end} ({{{end}}}) lies before {start} ({{{start}}})",
        lambda rows, start=start, end=end: rows[rows[f"{end}_to"] < rows[f"{start}_from"]],  # type: ignore[misc]
    )


def _circles(table: str, key: str, parent: str) -> None:
    """Register the rule that no row of a table points at itself, by way of others or not."""

    def in_a_circle(t: Tables) -> pd.DataFrame:
        rows = t[table].astype({key: object, parent: object})
        above = {
            one: other for one, other in zip(rows[key], rows[parent], strict=True) if other and other == other
        }
        found = {}
        for start in above:
            path = [start]
            while path[-1] in above and above[path[-1]] not in path:
                path.append(above[path[-1]])
            if above.get(path[-1]) == start and start == min(path):
                found[start] = (
                    "points at itself"
                    if len(path) == 1
                    else f"runs in a circle: {' > '.join([*path, start])}"
                )
        wrong = rows[rows[key].isin(list(found))]
        return wrong.assign(way=wrong[key].map(found), at=wrong[key])

    in_a_circle.__doc__ = f"{parent}: {{at}} {{way}}"
    rule(table, "circle", f"empty {parent} of one of these rows, or let it point elsewhere")(in_a_circle)


for resource in description.schema()["resources"]:
    for link in description.links(resource):
        if link.target == resource["name"] and not link.many:
            _circles(resource["name"], link.target_column, link.column)


def _ends_of_terms(t: Tables) -> pd.DataFrame:
    """Statements on terms with the earliest that any statement allows for the start and the end of their term.

    Sources may disagree, so a statement is wrong only if it contradicts every statement of the other end.
    """
    rows = t.terms.dropna(subset=["date_from", "term"]).assign(leaves=lambda of: of["event"] == LEFT)
    by = ["holder_id", "term"]
    starts = rows[~rows["leaves"]].groupby(by, observed=True)["date_from"].min().rename("starts")
    ends = rows[rows["leaves"]].groupby(by, observed=True)["date_from"].min().rename("ends")
    of_term = pd.concat([starts, ends], axis=1)
    over = of_term["ends"].fillna(of_term["starts"]).sort_index().groupby(level=0, observed=True)
    of_term["over"] = over.transform(lambda days: days.cummax().shift()).astype("datetime64[s]")
    return rows.merge(of_term.reset_index(), on=by, how="left")


@rule("terms", "terms", "correct the date, or the number of the term")
def term_before_an_earlier_one(t: Tables) -> pd.DataFrame:
    """term {term} starts ({date}) before an earlier term is over"""
    return _ends_of_terms(t).query("not leaves and date_to < over")


@rule("terms", "terms", "correct the date, or the number of the term")
def term_left_before_it_starts(t: Tables) -> pd.DataFrame:
    """term {term} is left ({date}) before it starts"""
    return _ends_of_terms(t).query("leaves and date_to < starts")
