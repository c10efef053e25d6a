"""What must hold of the table of differences between sources. All are errors: a difference that says which value is
used, and is wrong about it, misleads more than none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from compendium.problems import Problem, quoted
from compendium.rules import Neighbours, Table

YES, NO, BOTH, NONE = "yes", "no", "both", "none"
RULE, REFERENCE = "difference", "reference"


def problems(tables: Mapping[str, Table], neighbours: Neighbours) -> Iterator[Problem]:
    """Topics in which the rows do not fit together, and rows that do not fit the cell to which they point.

    A package without this table, or whose table lacks the columns, has no such problem.
    """
    table = tables.get("differences")
    if table is None or not table.has("topic_id", "value", "drawn"):
        return
    if table.complete:  # or a row that could not be read might be the one that is missed
        yield from _topics(table)
    if table.has("rule"):
        yield from _unreasoned(table)
    if table.has("table", "row_id", "field"):
        yield from _links(table, tables, neighbours)


def _topics(table: Table) -> Iterator[Problem]:
    """Topics with one row only, with a value twice, under two headings, or without a clear word on what is used."""
    topics: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(table.rows):
        if row["topic_id"]:
            topics[row["topic_id"]].append(number)
    for topic, numbers in topics.items():
        first = numbers[0]
        if len(numbers) == 1:
            message = f"the topic {quoted(topic)} has one row only, so that nothing differs"
            todo = "add the row of a source that says otherwise, or correct topic_id"
            yield table.problem(first, RULE, message, todo)
            continue
        yield from _same(table, numbers)
        drawn = {table.rows[number]["drawn"] for number in numbers}
        used = sum(table.rows[number]["drawn"] == YES for number in numbers)
        if not drawn <= {YES, NO, BOTH, NONE} or drawn in ({BOTH}, {NONE}):
            continue
        if drawn & {BOTH, NONE}:
            message = f"the rows of the topic {quoted(topic)} have different words in drawn: {', '.join(sorted(drawn))}"
            todo = (
                "`both` and `none` go for all rows of a topic; otherwise one row has `yes`, the others `no`"
            )
            yield table.problem(first, RULE, message, todo)
        elif not used:
            message = f"no value of the topic {quoted(topic)} is used"
            todo = "set drawn to `yes` in the row whose value tables and figures use, or to `none` in all its rows"
            yield table.problem(first, RULE, message, todo)
        elif used > 1:
            message = f"{used} values of the topic {quoted(topic)} are used"
            todo = "leave `yes` in one row, or set drawn to `both` in all rows if the values are of different things"
            yield table.problem(first, RULE, message, todo)


def _same(table: Table, numbers: list[int]) -> Iterator[Problem]:
    """Rows of a topic that give the value of an earlier one, or another text for what the topic is about."""
    seen: dict[str, int] = {}
    first = numbers[0]
    for number in numbers:
        row = table.rows[number]
        if row["value"] in seen:
            line = table.lines[seen[row["value"]]]
            message = f"line {line} gives the same value ({quoted(row['value'])}) of this topic"
            yield table.problem(
                number, RULE, message, "put the sources of both rows into one, or correct value"
            )
        elif row["value"]:
            seen[row["value"]] = number
        if table.has("about") and row["about"] and row["about"] != table.rows[first]["about"]:
            message = f"about: {quoted(row['about'])} is not what line {table.lines[first]} says of the topic"
            yield table.problem(number, RULE, message, "give all rows of a topic the same text")


def _unreasoned(table: Table) -> Iterator[Problem]:
    """Values that are used without a reason."""
    for number, row in enumerate(table.rows):
        if row["drawn"] in (YES, BOTH) and not row["rule"]:
            todo = "say why in a short sentence"
            yield table.problem(number, RULE, "the value is used, but rule is empty", todo)


def _links(table: Table, tables: Mapping[str, Table], neighbours: Neighbours) -> Iterator[Problem]:
    """Rows that point at nothing, and values that are not what the cell to which they point holds."""
    keys: dict[str, dict[str, int]] = {}
    for number, row in enumerate(table.rows):
        name, key, column = row["table"], row["row_id"], row["field"]
        if not (name and key):
            filled = [part for part in ("table", "row_id", "field") if row[part]]
            if filled:
                empty = [part for part in ("table", "row_id") if not row[part]]
                message = f"{_listed(filled)} filled, but {_listed(empty)} empty"
                todo = "fill table and row_id, or empty both and field"
                yield table.problem(number, REFERENCE, message, todo)
            continue
        target = tables.get(name)
        if target is None:
            message = f"table: {quoted(name)} is not a table of this package"
            todo = neighbours.hint(name, tables, "name a table that datapackage.json describes")
            yield table.problem(number, REFERENCE, message, todo)
            continue
        if column and column not in target.fields:
            message = f"field: {quoted(column)} is not a column of the table {quoted(name)}"
            todo = neighbours.hint(column, target.fields, "name a column, or leave field empty")
            yield table.problem(number, REFERENCE, message, todo)
            continue
        if name not in keys:
            keys[name] = {target.id(other): other for other in range(len(target.rows))}
        if key in keys[name]:
            if column and target.has(column):
                yield from _cell(table, number, target, target.rows[keys[name][key]][column])
        elif target.complete_in(*target.key):
            message = f"row_id: {quoted(key)} is not a key of the table {quoted(name)}"
            todo = neighbours.hint(
                key, keys[name], f"add the row to {quoted(name)}, or empty table, row_id and field"
            )
            yield table.problem(number, REFERENCE, message, todo)


def _cell(table: Table, number: int, target: Table, cell: str) -> Iterator[Problem]:
    """A row whose value is used but is not in the cell, or is not used although the cell has one."""
    row = table.rows[number]
    place = (
        f"{row['field']} of {quoted(row['row_id'])} in {target.file} is {quoted(cell) if cell else 'empty'}"
    )
    if row["drawn"] in (YES, BOTH) and row["value"] != cell:
        message = f"value: {quoted(row['value'])}, but {place}"
        todo = "correct the one or the other, or say in drawn which value is used now"
        yield table.problem(number, RULE, message, todo)
    elif row["drawn"] == NONE and cell:
        todo = "set drawn to `yes` in the row that has this value and to `no` in the others, or empty field"
        yield table.problem(number, RULE, f"drawn is {quoted(NONE)}, but {place}", todo)


def _listed(names: list[str]) -> str:
    """Names of columns with their verb."""
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}"
