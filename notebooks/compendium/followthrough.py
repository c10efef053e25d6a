"""What became of the challenges and the agenda of the assessment: the later items that take them up, as we read."""

from __future__ import annotations

from typing import Any

import pandas as pd

from compendium.coding import challenge_tree, kappa
from compendium.tables import Tables, attested

TABLE = "challenge_followthrough"
ELSEWHERE, AGENDA = "Outside the part on challenges", "The agenda"
NOTHING, BELOW, WIDER = "nothing found", "only in narrower challenges, below", "read with the wider challenge"


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
    `linked` (whether a later item takes it up), `words`: what is said where none does, and `wider`: the label of the
    nearest challenge above that is taken up, if any.
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
    words = rows["target"].isin(below).map({True: BELOW, False: NOTHING})
    words = words.mask(rows["target"].isin(told_apart_later(t)), WIDER).mask(linked, "")
    taken_up = dict(zip(rows.loc[linked, "target"], rows.loc[linked, "label"], strict=True))
    wider = [next((taken_up[key] for key in reversed(keys) if key in taken_up), "") for keys in rows["above"]]
    found = rows.assign(linked=linked, words=words, wider=pd.Series(wider, rows.index, dtype=object))
    columns = ["target", "label", "depth", "above", "heading", "passage_id", "linked", "words", "wider"]
    return found.loc[found.index if len(t[TABLE]) else [], columns]


def told_apart_later(t: Tables) -> set[str]:
    """Keys of challenges that are parts of others and were coded after the links had been judged.

    An item that takes one up was linked to the wider challenge then: of these alone it was not asked.
    """
    coded = t.double_coding[t.double_coding["coding_table"] == "challenges"]
    return set(coded.loc[coded["round"] > 1, "unit"]) - set(coded.loc[coded["round"] == 1, "unit"])


def outcomes(t: Tables) -> pd.DataFrame:
    """The agenda with what was found for each item: `outcome`, against its horizon, and `what_was_found` (a list)."""
    made = links(t).dropna(subset="agenda_id")
    agenda = t.agenda.sort_values("ordinal").iloc[: None if len(t[TABLE]) else 0]
    said = made.assign(said=made["reference"] + " (" + made["date"].map(str) + "): " + made["how"])

    def outcome(item: object, end: pd.Timestamp) -> str:
        dates = made.loc[made["agenda_id"] == item, "date_to"]
        if dates.empty:
            return f"{NOTHING} so far, and the horizon is still open" if end > t.today else NOTHING
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


def two_readings(t: Tables) -> tuple[pd.DataFrame, int, float]:
    """What two readers linked: the links on which they differed, the number of pairs that they judged, and kappa.

    The links have `later_item`, `challenge_or_agenda_item`, `linked_by`, `kept` (bool) and `reason`.
    """
    judged = t.double_coding[
        (t.double_coding["coding_table"] == TABLE) & (t.double_coding["variable"] == "row")
    ]
    apart, labels = told_apart_later(t), t.labels("challenges") | t.labels("agenda")
    labels = {key: label for key, label in labels.items() if key not in apart}
    reference = dict(zip(t.followthrough_items["item_id"], t.followthrough_items["reference"], strict=True))
    pairs = {f"{item}-{target}": (item, target) for item in reference for target in labels}
    judged = judged[judged["unit"].isin(pairs)]  # not of challenges that were dropped since
    units = pd.Series(list(pairs), dtype=object)
    first, second = (units.isin(judged.loc[judged[reader] != "", "unit"]) for reader in ("first", "second"))
    by = {(True, False): "first", (False, True): "second", (False, False): "earlier only", (True, True): ""}
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
    return found[found["linked_by"] != ""], len(pairs), kappa(first, second)
