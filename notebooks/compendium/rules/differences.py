"""Rules on differences between sources: one that says which value is used, and is wrong about it, misleads."""

from __future__ import annotations

from typing import Any

import pandas as pd

from compendium.description import fields, primary_key
from compendium.problems import did_you_mean, quoted
from compendium.rules import rule
from compendium.tables import Tables

YES, NO, BOTH, NONE = "yes", "no", "both", "none"
DIFFERENCES = "differences"


def _topics(rows: pd.DataFrame) -> pd.DataFrame:
    """Differences with what holds of their topic: number of `values`, of `used` ones, and the `words` in drawn; its
    `first` line, what that is `about_first`, and the `earlier` line with the same value."""
    rows = rows[rows["topic_id"] != ""].assign(drawn=lambda of: of["drawn"].astype(object).fillna(""))
    topic = rows.groupby("topic_id", sort=False)
    words = topic["drawn"].agg(lambda of: ", ".join(sorted({*of})))
    return rows.assign(
        values=topic["line"].transform("size"),
        used=rows["drawn"].eq(YES).groupby(rows["topic_id"]).transform("sum"),
        words=rows["topic_id"].map(words).astype(str),
        first=topic["line"].transform("first"),
        about_first=topic["about"].transform("first"),
        earlier=rows.groupby(["topic_id", "value"])["line"].transform("first"),
    )


@rule(DIFFERENCES, "difference", "add the row of a source that says otherwise, or correct topic_id")
def topic_with_one_value(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """the topic {topic_id} has one row only, so that nothing differs"""
    return _topics(rows).query("values == 1")


@rule(DIFFERENCES, "difference", "put the sources of both rows into one, or correct value")
def same_value_twice(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """line {earlier} gives the same value ({value}) of this topic"""
    return _topics(rows).query("value != '' and line != earlier")


@rule(DIFFERENCES, "difference", "give all rows of a topic the same text")
def topic_about_two_things(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """about: {about} is not what line {first} says of the topic"""
    return _topics(rows).query("about != '' and about_first != '' and about != about_first")


@rule(DIFFERENCES, "difference")
def unclear_what_is_used(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """{wrong}"""
    topics = _topics(rows).query("line == first and values > 1")

    def fault(topic: str, words: str, used: int) -> tuple[str, str] | None:
        found, of = {*words.split(", ")}, f"of the topic {quoted(topic)}"
        if not found <= {YES, NO, BOTH, NONE} or found in ({BOTH}, {NONE}):
            return None
        if found & {BOTH, NONE}:
            todo = (
                "`both` and `none` go for all rows of a topic; otherwise one row has `yes`, the others `no`"
            )
            return f"the rows {of} have different words in drawn: {words}", todo
        if not used:
            todo = "set drawn to `yes` in the row whose value tables and figures use, or to `none` in all its rows"
            return f"no value {of} is used", todo
        todo = (
            "leave `yes` in one row, or set drawn to `both` in all rows if the values are of different things"
        )
        return (f"{used} values {of} are used", todo) if used > 1 else None

    faults = [fault(*row) for row in topics[["topic_id", "words", "used"]].itertuples(index=False, name=None)]
    wrong = [one or ("", "") for one in faults]
    topics = topics.assign(wrong=[one for one, _ in wrong], todo=[todo for _, todo in wrong])
    return topics.query("wrong != ''")


@rule(DIFFERENCES, "difference", "say why in a short sentence")
def used_without_reason(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """the value is used, but rule is empty"""
    return rows[rows["drawn"].isin([YES, BOTH]) & (rows["rule"] == "")]


# --- what a difference points at ---


def _rows_by_key(t: Tables, rows: pd.DataFrame) -> dict[str, dict[str, dict[Any, Any]]]:
    """The rows of each table of the package that differences name, by their keys, parts of which are joined by `/`."""
    described = {resource["name"]: resource for resource in t.descriptor["resources"]}
    found = {}
    for name in {*rows["table"]} & described.keys():
        key = primary_key(described[name])
        found[name] = {"/".join(str(row[part]) for part in key): row for row in t[name].to_dict("records")}
    return found


@rule(DIFFERENCES, "reference")
def points_at_nothing(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """{wrong}"""
    by_key, known = _rows_by_key(t, rows), [resource["name"] for resource in t.descriptor["resources"]]

    def fault(name: str, key: str, column: str) -> tuple[str, str]:
        parts = {"table": name, "row_id": key, "field": column}
        filled = [part for part, value in parts.items() if value]
        empty = [part for part in ("table", "row_id") if not parts[part]]
        if not filled:
            return "", ""
        if empty:
            filled_are, empty_are = (
                f"{' and '.join(some)} {'are' if some[1:] else 'is'}" for some in (filled, empty)
            )
            return (
                f"{filled_are} filled, but {empty_are} empty",
                "fill table and row_id, or empty both and field",
            )
        if name not in by_key:
            todo = did_you_mean(name, known, "name a table that datapackage.json describes")
            return f"table: {quoted(name)} is not a table of this package", todo
        if column and column not in fields(t.resource(name)):
            todo = did_you_mean(column, fields(t.resource(name)), "name a column, or leave field empty")
            return f"field: {quoted(column)} is not a column of the table {quoted(name)}", todo
        if key not in by_key[name]:
            todo = f"add the row to {quoted(name)}, or empty table, row_id and field"
            message = f"row_id: {quoted(key)} is not a key of the table {quoted(name)}"
            return message, did_you_mean(key, by_key[name], todo)
        return "", ""

    faults = [fault(*row) for row in rows[["table", "row_id", "field"]].itertuples(index=False, name=None)]
    rows = rows.assign(wrong=[wrong for wrong, _ in faults], todo=[todo for _, todo in faults])
    return rows[rows["wrong"] != ""]


@rule(DIFFERENCES, "difference")
def says_otherwise_than_the_cell(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """{wrong}, but {field} of {row_id} in {path} is {holds}"""
    by_key, found = _rows_by_key(t, rows), []
    for row in rows.to_dict("records"):
        there = by_key.get(row["table"], {}).get(row["row_id"], {})
        if row["field"] not in there or pd.isna(there["line"]):  # told already
            continue
        cell = _stored(there[row["field"]])
        told = {"path": t.resource(row["table"])["path"], "holds": quoted(cell) if cell else "empty"}
        if row["drawn"] in (YES, BOTH) and row["value"] != cell:
            todo = "correct the one or the other, or say in drawn which value is used now"
            found.append(row | told | {"wrong": f"value: {quoted(row['value'])}", "todo": todo})
        elif row["drawn"] == NONE and cell:
            todo = "set drawn to `yes` in the row with this value and to `no` in the others, or empty field"
            found.append(row | told | {"wrong": f"drawn is {quoted(NONE)}", "todo": todo})
    return pd.DataFrame(found, columns=[*rows.columns, "path", "holds", "wrong", "todo"])


def _stored(value: Any) -> str:
    """A value as its file has it."""
    if isinstance(value, list):
        return ";".join(value)
    return "" if value is None or pd.isna(value) else str(value)
