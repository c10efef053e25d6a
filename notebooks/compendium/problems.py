"""Problems of a data package, told to the person who edits it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

MOST = 20  # problems of one kind in a file that are told one by one


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to put right.

    `file` is the path inside the package; `line` the line of the file, 0 where the file as a whole is meant; `id`
    the key of the row, empty where no row is meant; `rule` a short name of what is broken; `message` says what is
    wrong and `todo` what to do.
    """

    file: str
    line: int
    id: str
    rule: str
    message: str
    todo: str

    def __str__(self) -> str:
        """The problem on one line: file, line, key, rule, what is wrong, what to do."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return printable(f"{place}  {self.id or '-'}  [{self.rule}]  {self.message}  -> {self.todo}")


class CommandError(Exception):
    """A command could not do what it was asked for; the message is for people, `status` for the system."""

    status = 1


class Problems(list[Problem]):
    """Problems of one package, with the numbers of `tables` and `rows` that were looked at.

    `warnings` are no problems: things that may be right and that a person should look at.
    """

    def __init__(
        self,
        problems: Iterable[Problem] = (),
        tables: int = 0,
        rows: int = 0,
        warnings: Iterable[Problem] = (),
    ) -> None:
        """List `problems` found in so many `tables` and `rows`, and `warnings` beside."""
        super().__init__(problems)
        self.tables, self.rows, self.warnings = tables, rows, list(warnings)


def report(problems: Problems) -> str:
    """The problems, one a line, and their count; or, if there are none, what was looked at, and the warnings."""
    if not problems:
        sound = f"No problems: {count(problems.tables, 'table')}, {count(problems.rows, 'row')}."
        look = f"{count(len(problems.warnings), 'thing')} to look at, which may be right:"
        return "\n".join([sound, look, *lines(problems.warnings)] if problems.warnings else [sound])
    files = count(len({problem.file for problem in problems}), "file")
    return "\n".join(
        [*lines(problems), f"{count(len(problems), 'problem')} in {files}. Nothing was changed."]
    )


def lines(problems: Iterable[Problem]) -> Iterator[str]:
    """A line for each problem, but of many of one kind in one file for the first ones only; the rest are counted."""
    seen: Counter[tuple[str, str]] = Counter()
    for problem in problems:
        seen[problem.file, problem.rule] += 1
        if seen[problem.file, problem.rule] <= MOST:
            yield str(problem)
    for (file, rule), number in seen.items():
        if number > MOST:
            yield f"{file}  -  [{rule}]  and {number - MOST} more of this kind  -> put these right, then check again"


def count(number: int, noun: str) -> str:
    """`number` with its noun: "1 row", "2 rows"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def nearest(value: str, known: Iterable[str]) -> str | None:
    """The known value that is most like this one, capitals or not; None if none is."""
    folded = {one.casefold(): one for one in known}
    return next((folded[near] for near in get_close_matches(value.casefold(), folded, n=1)), None)


def did_you_mean(value: str, known: Iterable[str], otherwise: str) -> str:
    """What to do about an unknown value: take the known one that is most like it or, if none is, `otherwise`."""
    near = nearest(value, known)
    return otherwise if near is None else f"did you mean {quoted(near)}? If not, {otherwise}"


def quoted(value: str, limit: int = 80) -> str:
    """A value as it stands in a message: marked, on one line, cut where it is long."""
    return f"`{printable(value if len(value) <= limit else value[:limit] + '…')}`"


def printable(text: str) -> str:
    """The text with every invisible character, and every byte that is no letter, spelled out: a screen obeys none."""
    return "".join(c if c.isprintable() else _spelt(c) for c in text)


def _spelt(character: str) -> str:
    # A byte that is not UTF-8 stands in a text as the half of a pair, so that it can be written back as it is.
    byte = ord(character) - 0xDC00
    return f"\\x{byte:02x}" if byte in range(0x80, 0x100) else character.encode("unicode_escape").decode()
