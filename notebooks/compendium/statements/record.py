"""What every check works with: outcomes, and the record without what the assessment alone states."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from compendium.periods import end_of, is_before, parse, show, start_of
from compendium.problems import count
from compendium.tables import Tables
from compendium.words import text_of

HOLDS, NOTE, CONFLICTS, OPEN = "holds", "holds_with_note", "conflicts", "cannot_be_checked"
NUMBER = re.compile(r"\d{1,4}", re.ASCII)

Row = Any  # a row of a table, its columns as attributes


class Outcome(NamedTuple):
    """What a check found: verdict (code of the vocabulary `verdict`), reason (a sentence) and sources (their keys)."""

    verdict: str
    reason: str
    source_ids: tuple[str, ...] = ()


class UndecidedError(Exception):
    """The record cannot decide; the message says why, in a sentence."""


@dataclass(frozen=True)
class Record:
    """The record as checks see it: nothing that the assessment alone states can confirm what the assessment states."""

    t: Tables
    _rows: dict[str, list[Row]] = field(default_factory=dict)

    def rows(self, table: str) -> list[Row]:
        """All rows of a table."""
        if table not in self._rows:
            self._rows[table] = list(self.t[table].itertuples(index=False))
        return self._rows[table]

    def confirmed(self, table: str) -> list[Row]:
        """Confirmed rows of a table that a source other than the assessment attests."""
        return [row for row in self.rows(table) if row.sure and self.sources(row)]

    def sources(self, *rows: Row) -> tuple[str, ...]:
        """Sources of one or more rows, each once, without the assessment itself."""
        named = dict.fromkeys(source for row in rows for source in row.source_ids)
        return tuple(source for source in named if source != self.t.about("assessment"))

    def row(self, table: str, key: str, *columns: str) -> Row:
        """A row by its key, of which a source other than the assessment states these columns.

        Raises UndecidedError, with the reason, if there is none.
        """
        row = next((row for row in self.rows(table) if row[0] == key), None)
        if row is None:
            raise UndecidedError(f"The table {table} has no row {key}, or none by this date.")
        name = getattr(row, "symbol", "") or key
        if not row.sure:
            raise UndecidedError(f"The row {name} of the table {table} is unverified.")
        if not self.sources(row):
            raise UndecidedError(f"For {name} no source other than the assessment was found.")
        for column in columns:
            what = column.removesuffix("_id").replace("_", " ")
            if column in row.unverified_fields:
                raise UndecidedError(f"No source other than the assessment states the {what} of {name}.")
            if not text_of(getattr(row, column)):
                raise UndecidedError(f"No source found states the {what} of {name}.")
        return row

    @property
    def assessed(self) -> pd.Timestamp:
        """Last day on which the assessment can have been written; UndecidedError if the package does not date it."""
        if pd.isna(self.t.assessed):
            raise UndecidedError("The data package does not date the assessment.")
        return self.t.assessed

    def by_then(self, table: str, column: str) -> list[Row]:
        """Confirmed rows whose date may lie before the assessment or on its day, in order of time."""
        dated = self.confirmed(table)
        known = [row for row in dated if getattr(row, f"{column}_from") <= self.assessed]
        return sorted(known, key=lambda row: getattr(row, f"{column}_from"))

    def documents_by_then(self) -> list[Row]:
        """Confirmed documents surely dated by the assessment, in order of time; the session's year where undated."""
        dated = [(end_of(row.date or row.listed_year), row) for row in self.confirmed("documents")]
        return [row for day, row in sorted(dated, key=lambda pair: pair[0]) if day <= self.assessed.date()]

    def visits_by_then(self) -> list[Row]:
        """Confirmed visits that were held up to the assessment; UndecidedError if there is none."""
        held = [row for row in self.by_then("visits", "start") if row.outcome == "held"]
        if not held:
            raise UndecidedError("The record has no confirmed visit by the time of the assessment.")
        return held

    def judge(self, good: bool, reason: str, *rows: Row, otherwise: str = CONFLICTS) -> Outcome:
        """Holds if it is good, else `otherwise`; with the sources of the rows."""
        return Outcome(HOLDS if good else otherwise, reason, self.sources(*rows))

    def dated(self, table: str, row: Row, column: str, name: str, stated: str) -> Outcome:
        """A stated date against the one that the record has in a cell; `name` is what the row is called.

        Where the table `differences` keeps the stated date beside another one, on the word of a source other than the
        assessment, both are right in their way.
        """
        said, found = parse(stated), getattr(row, column)
        if is_before(said, found) or is_before(found, said):
            cell = (table, row[0], column, stated)
            differing = self.confirmed("differences")
            beside = [one for one in differing if (one.table, one.row_id, one.field, one.value) == cell]
            if beside:
                told = f"{name}: {show(found)}. Another source gives {show(said)} ({beside[0].says})."
                return Outcome(NOTE, told, self.sources(row, *beside))
            return self.judge(False, f"Stated is {show(said)}; {name}: {show(found)}.", row)
        if start_of(found) >= start_of(said) and end_of(found) <= end_of(said):
            return self.judge(True, f"{name}: {show(found)}.", row)
        told = f"{name}: {show(found)}, no more precisely; {show(said)} agrees with it."
        return self.judge(False, told, row, otherwise=NOTE)


Check = Callable[[Record, Sequence[str], Sequence[str]], Outcome]
CHECKS: dict[str, Check] = {}


def check(function: Check) -> Check:
    """Register a check under its name, by which the column `check` of the table `claims` calls it."""
    CHECKS[function.__name__] = function
    return function


def number(text: str) -> int:
    """A whole number of at most four digits, as statements have them; ValueError, in words, if it is none."""
    if not NUMBER.fullmatch(text):
        raise ValueError(f"`{text}` is no whole number of at most four digits")
    return int(text)


def pairs(about: Sequence[str], stated: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Each row with what is stated of it; ValueError, in words, if there are more of the one than of the other."""
    if len(about) != len(stated):
        raise ValueError(f"{count(len(about), 'row')} in about, but {count(len(stated), 'value')} in stated")
    return zip(about, stated, strict=True)


def known(name: str, names: Iterable[str], what: str) -> str:
    """The name, if it is one of these; else ValueError, in words."""
    if name not in set(names):
        raise ValueError(f"`{name}` is no {what}")
    return name


def folded(text: str) -> str:
    """A text for comparison: capitals are no difference, and no kind of blank is another."""
    return " ".join(text.split()).casefold()


def in_words(items: Iterable[object]) -> str:
    """Items in a sentence: "a, b and c"."""
    texts = [text_of(item) for item in items]
    return " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))
