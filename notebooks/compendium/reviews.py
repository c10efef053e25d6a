"""Review by people: which rows can be reviewed, what each says in words and where that stands, and what came of it."""

from __future__ import annotations

import random
from math import sqrt
from typing import Any

import pandas as pd

from compendium.description import fields, primary_key
from compendium.tables import Tables
from compendium.words import text_of

# Tables that state nothing on the mandate or the assessment: they serve the others, or are judgements themselves.
OTHER = ("vocabularies", "sections", "passages", "sources", "themes", "double_coding", "audits", "reviews")
# Drawn so many times as often, because most in them rests on a reader's judgement.
DENSER = {"claims": 3, "challenge_followthrough": 3}
UNSAID = ("ordinal", "passage_id", "footnote", "source_ids", "status", "unverified_fields", "note", "round")


def reviewable(t: Tables) -> pd.DataFrame:
    """All rows that a person can review.

    Columns: `table`, `title` (of the table), `key` (its parts joined by `;`), `says` (the row in words, by column)
    and `where`: the passage of the assessment, the sources with their addresses, or both.
    """
    addresses = t.sources["url"].map(lambda url: f" <{url}>" if url else "")
    titles = dict(zip(t.sources["source_id"], t.sources["title"] + addresses, strict=True))
    sections = dict(zip(t.sections["section_id"], t.sections["label"], strict=True))
    places = {
        row.passage_id: f"the assessment, {sections.get(str(row.section), row.section)} ({row.passage_id})"
        for row in t.passages.itertuples()
    }
    found = []
    for name in (name for name in t if name not in OTHER):
        described, keys = fields(t.resource(name)), primary_key(t.resource(name))
        said = [column for column in described if column not in (*UNSAID, *keys[:1])]
        for row in t[name].to_dict("records"):
            words = {column: text_of(row[column]) for column in said}
            passages = [places.get(row.get(column, "")) for column in ("passage_id", "footnote")]
            sources = [titles.get(one) for one in row.get("source_ids", [])]
            where = "; ".join(place for place in (*passages, *sources) if place)
            says = "; ".join(
                f"{described[one].get('title', one)}: {text}" for one, text in words.items() if text
            )
            key = ";".join(str(row[one]) for one in keys)
            found.append((name, str(t.resource(name).get("title", name)), key, says, where))
    return pd.DataFrame(found, columns=["table", "title", "key", "says", "where"])


def draw(t: Tables, number: int, seed: int, table: str = "") -> pd.DataFrame:
    """So many rows of `reviewable` at random, the same for the same seed: of all tables by their size, or of one.

    Tables of `DENSER` count as if they were larger, and each table has one row at least where the number allows it.
    """
    rows = reviewable(t)
    rows = rows[rows["table"] == table] if table else rows
    sizes = rows.groupby("table", sort=False).size()
    weights = sizes * [DENSER.get(str(name), 1) for name in sizes.index]
    shares = (weights * number / max(weights.sum(), 1)).clip(lower=1).astype(int).clip(upper=sizes)
    while shares.sum() > max(number, len(shares)):  # small tables keep their one row
        shares -= shares.index == shares.idxmax()
    chance, drawn = random.Random(seed), []
    for name, share in shares.items():
        drawn += chance.sample(list(rows.index[rows["table"] == name]), share)
    left = sorted(set(rows.index) - set(drawn))
    drawn += chance.sample(left, min(max(number - len(drawn), 0), len(left)))
    return rows.loc[sorted(chance.sample(drawn, min(number, len(drawn))))].reset_index(drop=True)


def wilson(wrong: int, judged: int) -> tuple[float, float]:
    """The interval of 95 % for a share, by Wilson's score: from 0 to 1; the whole range where nothing was judged.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    if not judged:
        return 0.0, 1.0
    z, share = 1.959964, wrong / judged
    middle = share + z * z / (2 * judged)
    half = z * sqrt(share * (1 - share) / judged + z * z / (4 * judged**2))
    whole = 1 + z * z / judged
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def tally(t: Tables) -> pd.DataFrame:
    """What people found, table by table, with a row for all of them last; no rows if nobody has reviewed any.

    Columns: `table` (its title), `judgements`, `held`, `wrong`, `cannot_tell`, `wrong_at_least` and `wrong_at_most`
    (the interval of the share of wrong ones among those that could be told), and `changed_since`: how many of the rows
    say something else now than when they were judged.
    """
    now = reviewable(t)
    named = dict(zip(now["table"], now["title"], strict=True))
    says = dict(zip(zip(now["table"], now["key"], strict=True), now["says"], strict=True))
    rows = zip(t.reviews["reviewed_table"], t.reviews["unit"], strict=True)
    changed = [said != says.get(row, said) for row, said in zip(rows, t.reviews["said"], strict=True)]
    judged = t.reviews.assign(changed=pd.Series(changed, t.reviews.index, dtype=bool))
    groups: list[Any] = [
        *judged.groupby("reviewed_table", sort=False),
        *([("", judged)] if len(judged) else []),
    ]
    lines = []
    for table, of in groups:
        held, wrong, unclear = ((of["judgement"] == code).sum() for code in ("true", "wrong", "cannot_tell"))
        interval = wilson(wrong, held + wrong)
        title = named.get(table, "All tables")
        lines.append((title, len(of), held, wrong, unclear, *interval, int(of["changed"].sum())))
    columns = ["table", "judgements", "held", "wrong", "cannot_tell"]
    return pd.DataFrame(lines, columns=[*columns, "wrong_at_least", "wrong_at_most", "changed_since"])
