"""What must hold in and between the tables of a package, and what a person should look at.

A rule is a function of the typed tables that returns the faulty rows of one table. Its docstring is the message, with
the values of the row in it; `todo` says what to do, unless the rows have a column `todo` of their own. `record` and
`coding` have the rules; here is how they are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from compendium.description import fields, primary_key
from compendium.periods import show
from compendium.problems import Problem, quoted
from compendium.tables import Tables

Find = Callable[[Tables], pd.DataFrame]


@dataclass(frozen=True)
class Rule:
    """A rule on a table: its short name, what to do, the function that finds faulty rows, and whether it only warns."""

    table: str
    name: str
    todo: str
    find: Find
    warns: bool


RULES: list[Rule] = []


def rule(table: str, name: str, todo: str = "", warns: bool = False) -> Callable[[Find], Find]:
    """Register a function as a rule on a table."""

    def register(find: Find) -> Find:
        RULES.append(Rule(table, name, todo, find, warns))
        return find

    return register


def problems(t: Tables, warns: bool = False) -> Iterator[Problem]:
    """What the rules find, or with `warns` what the warnings do; rows have their line in the file in `line`."""
    from compendium.rules import coding, record  # noqa: F401  (they register their rules)

    for one in RULES:
        if one.warns == warns:
            found, own = one.find(t), fields(t.resource(one.table))
            for row in found.to_dict("records"):
                values = {str(name): _told(value, str(name) in own) for name, value in row.items()}
                message = " ".join((one.find.__doc__ or "").split()).format(**values)
                todo = row.get("todo") or one.todo
                resource = t.resource(one.table)
                key = "/".join(str(row[column]) for column in primary_key(resource) if row[column])
                yield Problem(resource["path"], int(row["line"]), key, one.name, message, todo)


def warnings(t: Tables) -> list[Problem]:
    """What may be right but deserves a look, in a package that is sound; sorted. Notebooks can show these."""
    return sorted(problems(t, warns=True))


def _told(value: Any, marked: bool) -> str:
    """A value as a message has it: dates in words, cells marked, lists with commas."""
    if isinstance(value, pd.Period):
        return show(value)
    text = ", ".join(value) if isinstance(value, list) else "" if pd.isna(value) else str(value)
    return quoted(text) if marked else text
