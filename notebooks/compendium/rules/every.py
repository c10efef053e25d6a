"""Rules on every table that has the columns for them, and on the order of statements about terms of office."""

from __future__ import annotations

import pandas as pd

from compendium.rules import rule
from compendium.tables import Tables

TERMS = "correct the date, or the number of the term"
POINTERS = {
    "challenges": ("challenge_id", "parent_id"),
    "passages": ("passage_id", "called_in"),
    "visits": ("visit_id", "follow_up_of"),
}


@rule(("status", "source_ids"), "source", "name the source, or set status to `unverified`")
def confirmed_without_source(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """the row is `confirmed`, but source_ids is empty"""
    return rows[rows["sure"] & (rows["source_ids"].map(len) == 0)]


@rule(("passage_id", "footnote"), "circle", "leave footnote empty, or name the paragraph in passage_id")
def footnote_of_itself(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """footnote: {footnote} is the row's own passage"""
    return rows[(rows["footnote"] != "") & (rows["footnote"] == rows["passage_id"])]


def _ends_before(start: str, end: str) -> None:
    def ends_before_it_starts(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows[f"{end}_to"] < rows[f"{start}_from"]]

    ends_before_it_starts.__doc__ = f"{end} ({{{end}}}) lies before {start} ({{{start}}})"
    rule((f"{start}_from", f"{end}_to"), "end-before-start", "correct one of the two dates")(
        ends_before_it_starts
    )


def _circle(table: str, key: str, pointer: str) -> None:
    def in_a_circle(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
        above = {one: other for one, other in zip(rows[key], rows[pointer], strict=True) if other}
        ways = {}
        for start in above:
            path = [start]
            while (following := above.get(path[-1])) is not None and following not in path:
                path.append(following)
            if following == start == min(path):  # told once, of the circle itself and not of what leads to it
                ways[start] = (
                    f"runs in a circle: {' > '.join([*path, start])}" if path[1:] else "points at itself"
                )
        return rows.assign(at=rows[key], way=rows[key].map(ways)).dropna(subset="way")

    in_a_circle.__doc__ = f"{pointer}: `{{at}}` {{way}}"
    rule(table, "circle", f"empty {pointer} of one of these rows, or let it point elsewhere")(in_a_circle)


for pair in (("date", "end"), ("start", "end"), ("horizon_start", "horizon_end")):
    _ends_before(*pair)
for named, columns in POINTERS.items():
    _circle(named, *columns)


def _with_bounds(rows: pd.DataFrame) -> pd.DataFrame:
    """Statements on terms with `starts`, the earliest day that any gives for the start of the term, and `over`, the day
    on which at the earliest the term `earlier` of the same holder, whose number is lower, was over.

    Sources may disagree, so a statement is wrong only if it contradicts every statement of the other end.
    """
    rows = rows.dropna(subset=["date_from", "term", "holder_id"]).assign(
        leaves=lambda of: of["event"] == "left_office"
    )
    by = ["holder_id", "term"]
    first = rows.groupby([*by, "leaves"], observed=True)["date_from"].min().unstack()
    first = first.reindex(columns=[False, True]).astype("datetime64[s]")
    first = first.set_axis(["starts", "ends"], axis=1).reset_index()
    over = first.assign(over=first["ends"].fillna(first["starts"]))[[*by, "over"]]
    pairs = first.merge(over, on="holder_id", suffixes=("", "_earlier"))
    pairs = pairs[pairs["term_earlier"] < pairs["term"]].sort_values(["over", "term_earlier"])
    latest = pairs.drop_duplicates(by, keep="last")[[*by, "over", "term_earlier"]]
    return rows.merge(first[[*by, "starts"]], on=by, how="left").merge(latest, on=by, how="left")


@rule("terms", "terms", TERMS)
def term_before_an_earlier_one(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """term {number} starts ({date}) before term {term_earlier} is over"""
    rows = _with_bounds(rows)
    return rows[~rows["leaves"] & (rows["date_to"] < rows["over"])].assign(number=rows["term"])


@rule("terms", "terms", TERMS)
def term_left_before_it_starts(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """term {number} is left ({date}) before it starts"""
    rows = _with_bounds(rows)
    return rows[rows["leaves"] & (rows["date_to"] < rows["starts"])].assign(number=rows["term"])
