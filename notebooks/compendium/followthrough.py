"""What became of the challenges and the agenda of the assessment: the later items that take them up, as we read."""

from __future__ import annotations

from typing import Any

import pandas as pd

from compendium.coding import challenge_tree, kappa
from compendium.tables import Tables, attested

TABLE = "challenge_followthrough"
ELSEWHERE, AGENDA = "Outside the part on challenges", "The agenda"
BELOW = "only in narrower challenges, below"
PASSING = "only in passing, in reports"
NOT_THERE = "\N{WHITE CIRCLE} not in the reports, read in full"
TITLES = "\N{DOTTED CIRCLE} not in titles and summaries"
UNSEEN = "\N{EM DASH} could not be seen this way"
MARKS = "\N{WHITE CIRCLE}\N{DOTTED CIRCLE}\N{EM DASH} "  # which tell the three apart in a figure


def links(t: Tables) -> pd.DataFrame:
    """Rows of `challenge_followthrough` in order of time.

    Adds `target` (key of the challenge or agenda item), of documents of the mandate `holder_id` and `symbol`, and lets
    `sure` say whether the date is attested.
    """
    found = t[TABLE].merge(t.documents[["document_id", "holder_id", "symbol"]], on="document_id", how="left")
    target = found["challenge_id"].astype(object).fillna(found["agenda_id"].astype(object))
    found = found.assign(
        sure=attested(found, "date"), target=target, symbol=found["symbol"].astype(object).fillna("")
    )
    return found.sort_values(["date_from", "date_to", "item_id"], ignore_index=True)


def targets(t: Tables) -> pd.DataFrame:
    """Challenges in reading order, then the items of the agenda; none if nothing later was looked for.

    Columns: `target` (key), `label`, `depth`, `above` (keys of the challenges above it), `heading`, `passage_id`,
    `linked` (whether a later item takes it up), `words`: what is said where none does, `in_passing`: the reports that
    speak of it without having it as a subject, with their paragraphs, `unseen_because`, `wider`: the label of the
    nearest challenge above that is taken up, if any, and `within`: that of the one directly above.
    """
    tree, agenda = challenge_tree(t), t.agenda.sort_values("ordinal")
    rows = pd.concat(
        [
            tree.assign(
                target=tree["challenge_id"], heading=tree["outside"].map({True: ELSEWHERE, False: ""})
            ),
            agenda.assign(target=agenda["agenda_id"], label=agenda["item"], depth=0, heading=AGENDA),
        ],
        ignore_index=True,
    ).astype({"target": object})
    rows["above"] = rows["above"].map(lambda keys: keys if isinstance(keys, list) else [])
    linked = rows["target"].isin(links(t)["target"])
    below = {key for keys in rows.loc[linked, "above"] for key in keys}
    said, nothing = _in_passing(t), _nothing_in(t)
    passing = rows["target"].map(lambda key: said.get(key, []))
    words = rows["unseen_because"].map(lambda why: UNSEEN if why else nothing)
    words = words.mask(passing.map(len) > 0, PASSING).mask(rows["target"].isin(below), BELOW)
    taken_up = dict(zip(rows.loc[linked, "target"], rows.loc[linked, "label"], strict=True))
    wider = [next((taken_up[key] for key in reversed(keys) if key in taken_up), "") for keys in rows["above"]]
    found = rows.assign(linked=linked, words=words.mask(linked, ""), in_passing=passing)
    found["wider"] = pd.Series(wider, rows.index, dtype=object)
    labels = dict(zip(rows["target"], rows["label"], strict=True))
    found["within"] = [labels[keys[-1]] if keys else "" for keys in rows["above"]]
    columns = ["target", "label", "depth", "above", "heading", "passage_id", "linked", "words"]
    columns += ["in_passing", "unseen_because", "wider", "within"]
    return found.loc[found.index if len(t[TABLE]) else [], columns]


def _in_passing(t: Tables) -> dict[str, list[str]]:
    """For each target of which reports speak in passing, a list such as "A/72/164 (21)"."""
    symbols = t.documents.assign(item_id=t.documents["document_id"])[["item_id", "symbol"]]
    said = t.mentions.astype(object).merge(symbols.astype(object), on="item_id").fillna("")
    said["target"] = said["challenge_id"] + said["agenda_id"]
    said["said"] = said["symbol"] + " (" + said["pinpoint"] + ")"
    return {str(target): list(of) for target, of in said.groupby("target")["said"]}


def looked_at(rows: pd.DataFrame) -> str:
    """How many of some `targets` that no item takes up were looked for in which way, never one number."""
    numbers = rows.loc[~rows["words"].isin(["", BELOW]), "words"].value_counts()
    return "; ".join(f"{number} {str(words).lstrip(MARKS)}" for words, number in numbers.items())


def _nothing_in(t: Tables) -> str:
    """What is said where nothing was found: whether the reports of the mandate were all read in full for it."""
    reports = t.followthrough_items[
        t.followthrough_items["item_id"].isin(t.documents["document_id"].map(str))
    ]
    return NOT_THERE if len(reports) and (reports["read"] == "full_text").all() else TITLES


def outcomes(t: Tables) -> pd.DataFrame:
    """The agenda with what was found for each item: `outcome`, against its horizon, and `what_was_found` (a list)."""
    made = links(t).dropna(subset="agenda_id")
    agenda = t.agenda.sort_values("ordinal").iloc[: None if len(t[TABLE]) else 0]
    said = made.assign(said=made["reference"] + " (" + made["date"].map(str) + "): " + made["how"])
    seen = targets(t).set_index("target")["words"]

    def outcome(item: str, end: pd.Timestamp) -> str:
        dates = made.loc[made["agenda_id"] == item, "date_to"]
        if dates.empty:
            words = str(seen[item]).lstrip(MARKS)
            return f"{words}, and the horizon is still open" if end > t.today else words
        if pd.isna(end):
            return "a related item; no horizon was set"
        within = "within the horizon" if (dates <= end).any() else "not surely within the horizon"
        return f"a related item, {within}"

    pairs = zip(agenda["agenda_id"], agenda["horizon_end_to"], strict=True)
    found = said.groupby("agenda_id", observed=True)["said"].agg(list)
    return agenda.assign(
        outcome=pd.Series([outcome(*pair) for pair in pairs], agenda.index, dtype=object),
        what_was_found=agenda["agenda_id"].astype(object).map(found),
    )


def last_judgements(t: Tables) -> pd.DataFrame:
    """Rows of `double_coding` on whether an item takes up a challenge, of each pair those of its last round."""
    judged = t.double_coding[t.double_coding["coding_table"] == TABLE].sort_values("round", kind="stable")
    return judged[judged["variable"] == "row"].drop_duplicates("unit", keep="last").sort_values("unit")


def two_readings(t: Tables) -> tuple[pd.DataFrame, int, float]:
    """What two readers linked: the links on which not all agreed, the number of pairs that were judged, and kappa.

    The links have `later_item`, `challenge_or_agenda_item`, `linked_by`, `kept` (bool) and `reason`.
    """
    judged = last_judgements(t)
    labels = t.labels("challenges") | t.labels("agenda")
    reference = dict(zip(t.followthrough_items["item_id"], t.followthrough_items["reference"], strict=True))
    pairs = {f"{item}-{target}": (item, target) for item in reference for target in labels}
    judged = judged[judged["unit"].isin(pairs)]  # not of challenges that were dropped since
    units = pd.Series(list(pairs), dtype=object)
    first, second = (units.isin(judged.loc[judged[reader] != "", "unit"]) for reader in ("first", "second"))
    by = {
        (True, False): "first",
        (False, True): "second",
        (False, False): "earlier only",
        (True, True): "both",
    }
    linked_by: Any = [
        by[bool(row.first), bool(row.second)] for row in judged[["first", "second"]].itertuples()
    ]
    named: Any = [pairs.get(unit, (unit, "")) for unit in judged["unit"]]
    found = judged.assign(
        later_item=[reference.get(item, item) for item, _ in named],
        challenge_or_agenda_item=[labels.get(target, target) for _, target in named],
        linked_by=linked_by,
        kept=judged["settled"] != "",
    )
    return found[(found["linked_by"] != "both") | ~found["kept"]], len(pairs), kappa(first, second)
