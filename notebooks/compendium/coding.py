"""How the assessment was coded: fingerprints of its passages, coverage by codings, agreement of two codings."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from compendium.tables import Tables, load

# Text extraction leaves the call of a footnote on a line of its own ...
CALL_LINE = re.compile(r"^\s*\d{1,2}\s*$", re.MULTILINE)
# ... or glued to the word or the closing mark before it.
GLUED_CALL = re.compile(r"(?<=[^\W\d_])[.,;:)”]{0,2}\d{1,2}(?![\w/])")
APOSTROPHES = re.compile("['’‘‛`´′ʹʻʼʽʾʿˈꞌ՚＇]")
WORD = re.compile(r"[^\W_]+")
LETTERS = r"([^\W\d_]+)"
LINE_END = re.compile(r"[-\u00ad\u2010¬]\s*\n\s*")  # a hyphen, of whatever kind, at the end of a line
DIVIDED = re.compile(rf"{LETTERS}-\n{LETTERS}")

CARRIED = 12  # words in a row: longer than any name in the assessment, shorter than most of its sentences
NAN = float("nan")
ROW = "row"  # the variable of double_coding that says whether a pass had the row at all


def normalised_words(text: str) -> list[str]:
    """Words of a text as they enter a fingerprint, the same whichever program extracted them from the page.

    Letters are folded to lower case; apostrophes, invisible characters and the calls of footnotes are left out; every
    other mark and every line break is a gap. A hyphen at the end of a line is none where it divides a word.
    """
    # Apostrophes go first, for the standard form of ´ is a blank and an accent.
    text = LINE_END.sub("-\n", unicodedata.normalize("NFKC", APOSTROPHES.sub("", text)))
    text = _undivided(
        "".join(c for c in text if unicodedata.category(c) != "Cf")
    )  # such as zero-width blanks
    return WORD.findall(GLUED_CALL.sub(" ", CALL_LINE.sub(" ", text)).casefold())


def _undivided(text: str) -> str:
    """The text with one word for each that a line end divides, and a gap where the hyphen belongs there.

    It belongs there before a capital letter, and where the text has both halves as words but never the whole.
    """
    elsewhere = set(WORD.findall(DIVIDED.sub(" ", text).casefold()))

    def whole(found: re.Match[str]) -> str:
        first, second = found.groups()
        halves = {first.casefold(), second.casefold()}
        divided = (first + second).casefold() in elsewhere or not halves <= elsewhere
        return first + second if divided and second[0].islower() else f"{first} {second}"

    return DIVIDED.sub(whole, text)


def fingerprint(words: Sequence[str]) -> str:
    """SHA-256 (64 hexadecimal digits) of the words joined by single blanks."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def _find(words: Sequence[str], length: int, sha256: str) -> int | None:
    """Place in `words` of the run of `length` words that has the fingerprint, or None."""
    starts = range(len(words) - length + 1)
    return next((i for i in starts if fingerprint(words[i : i + length]) == sha256), None)


def verify_source(source: Path, data_dir: Path) -> list[str]:
    """Compare a plain-text copy of the assessment with the fingerprints in `passages`, and the coding with its wording.

    Footnotes are looked for first and taken out, because they stand at page ends in the middle of paragraphs; then
    paragraphs are looked for in what is left. The project itself need not carry the text for that.

    Returns one sentence for each passage of which the copy has no identical wording, and for each text of the coding
    that has twelve or more words in a row from it; an empty list if all is well.
    Raises OSError if the copy cannot be read, UnicodeDecodeError if it is not UTF-8 text.
    """
    words = normalised_words(Path(source).read_text(encoding="utf-8"))
    tables = load(data_dir)
    passages = tables["passages"]
    messages = list(_carried_over(words, tables))
    columns = (list(passages[name]) for name in ("kind", "passage_id", "words", "sha256"))
    # Footnotes before paragraphs: so the two kinds sort.
    for kind, passage, length, sha256 in sorted(zip(*columns, strict=True)):
        start = _find(words, length, sha256)
        if start is None:
            messages.append(
                f"{passage}: no run of {length} words in {Path(source).name} matches this passage's fingerprint"
            )
        elif kind == "footnote":
            del words[start : start + length]
    return messages


def _carried_over(words: Sequence[str], tables: Tables) -> Iterator[str]:
    """A sentence for each text of the coding that has `CARRIED` words in a row of these."""
    runs = set(_runs(words))
    advice = "in the words of the assessment, please paraphrase"
    for table in tables.counts().query("kind == 'coding'")["table"]:
        frame = tables[table]
        columns: list[str] = list(frame.select_dtypes("str"))
        for column in columns:
            for key, text in zip(frame.iloc[:, 0], frame[column], strict=True):
                if carried := next((run for run in _runs(normalised_words(text)) if run in runs), None):
                    yield f"{table} {key}, {column}: {advice}: {' '.join(carried)}"


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All runs of `CARRIED` words."""
    return (tuple(words[i : i + CARRIED]) for i in range(len(words) - CARRIED + 1))


def coverage(t: Tables, codings: Sequence[str]) -> pd.DataFrame:
    """Rows of each coding table that rest on each paragraph.

    `codings` names tables that have the column `passage_id`. Returns one row a paragraph in the order of the text, with
    the columns `passage_id`, `section`, one column a coding (number of rows), and `uncoded_reason`.
    """
    paragraphs = t.passages[t.passages["kind"] == "paragraph"]
    paragraphs = paragraphs.sort_values(["section", "position"])[["passage_id", "section", "uncoded_reason"]]
    for name in codings:
        counts = t[name]["passage_id"].value_counts()
        paragraphs[name] = paragraphs["passage_id"].map(counts).fillna(0).astype(int)
    return paragraphs.reset_index(drop=True)


def challenge_tree(t: Tables) -> pd.DataFrame:
    """Challenges in reading order, each followed by those below it: the part on challenges first, then those elsewhere.

    Adds the columns `above` (keys of the challenges above it, the root first), `depth` (how many these are) and
    `outside`: whether the passage stands in another part of the assessment than most; False where that is not known.
    """
    part_of = dict(zip(t.sections["section_id"], t.sections["part"], strict=True))
    section_of = dict(zip(t.passages["passage_id"], t.passages["section"], strict=True))
    part = t.challenges["passage_id"].map(section_of).astype(object).map(part_of)
    outside = part.notna() & (part != next(iter(part.mode()), None))
    rows = t.challenges.assign(outside=outside.astype(bool)).sort_values(
        ["outside", "ordinal"], kind="stable"
    )
    below: dict[str, list[str]] = {}
    for key, parent in zip(rows["challenge_id"], rows["parent_id"].astype(object).fillna(""), strict=True):
        below.setdefault(parent, []).append(key)

    def walk(keys: list[str], above: list[str]) -> list[tuple[str, list[str]]]:
        return [found for one in keys for found in [(one, above), *walk(below.get(one, []), [*above, one])]]

    order = dict(walk(below.get("", []), []))
    tree = rows.set_index("challenge_id", drop=False).reindex(list(order)).reset_index(drop=True)
    tree["above"] = pd.Series(list(order.values()), tree.index, dtype=object)
    return tree.assign(depth=tree["above"].map(len).astype(int))


def kappa(first: pd.Series, second: pd.Series) -> float:
    """Cohen's kappa of two nominal codings of the same units: agreement beyond what chance would give.

    NaN where both use one and the same value throughout, because chance agreement is then complete.
    Source: J. Cohen, "A coefficient of agreement for nominal scales", 1960.
    """
    observed = (first == second).mean()
    by_chance = (first.value_counts(normalize=True) * second.value_counts(normalize=True)).sum()
    return (observed - by_chance) / (1 - by_chance) if by_chance < 1 else NAN


def agreement(double_coding: pd.DataFrame) -> pd.DataFrame:
    """How far two independent passes agreed, per coding table.

    Returns one row a table with the columns `coding_table`; `both`, `first_only`, `second_only` (rows that one or both
    passes had); `rows_agreed` (share of agreement on rows: twice `both` over all rows of either pass, 0 to 1); `values`
    (judgements made on rows that both had), `values_equal`, `values_agreed` (their share, 0 to 1); and `strength_kappa`
    (Cohen's kappa of the column `strength`, NaN where a table has none).
    """
    lines = []
    for table, judged in double_coding.groupby("coding_table", sort=False):
        rows = judged[judged["variable"] == ROW]
        had_first, had_second = rows["first"] != "", rows["second"] != ""
        shared = set(rows.loc[had_first & had_second, "unit"])
        values = judged[(judged["variable"] != ROW) & judged["unit"].isin(shared)]
        equal = (values["first"] == values["second"]).sum()
        strength = values[values["variable"] == "strength"]
        both, either = len(shared), had_first.sum() + had_second.sum()
        only = int((had_first & ~had_second).sum()), int((~had_first & had_second).sum())
        beyond_chance = kappa(strength["first"], strength["second"]) if len(strength) else NAN
        shares = equal / len(values) if len(values) else NAN, beyond_chance
        lines.append(
            (table, both, *only, 2 * both / either if either else NAN, len(values), int(equal), *shares)
        )
    columns = ("coding_table", "both", "first_only", "second_only", "rows_agreed")
    frame = pd.DataFrame(
        lines, columns=[*columns, "values", "values_equal", "values_agreed", "strength_kappa"]
    )
    return frame.astype(dict.fromkeys(["rows_agreed", "values_agreed", "strength_kappa"], float))
