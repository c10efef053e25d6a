"""How complete the data are, and on what sources they rest."""

from __future__ import annotations

import pandas as pd

from compendium.description import fields
from compendium.tables import Tables
from compendium.words import text_of

REMARKS = ("note", "unverified_fields")


def record_rows(t: Tables) -> pd.DataFrame:
    """All rows of the record that say whether they are confirmed.

    Columns: `table` (its title), `key`, `source_ids`, `unverified_fields`, `note`, and `state`: confirmed; in part,
    where no source states some of its columns; unverified.
    """
    rows = []
    for name in t:
        frame = t[name]
        if t.layer(name) == "record" and "sure" in frame:
            own = frame[["sure", "source_ids", *REMARKS]]
            rows.append(own.assign(table=t.resource(name)["title"], key=frame.iloc[:, 0].map(str)))
    record = pd.concat(rows, ignore_index=True)
    state = record["unverified_fields"].map(len).gt(0).map({True: "in part", False: "confirmed"})
    return record.assign(state=state.where(record["sure"], "unverified"))


def best_sources(t: Tables, record: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each naming of a source by a row of `record_rows`, with the kind of source; and of each row the best one alone.

    Columns added: `row` (its index in `record`), `source_id`, `kind`, in the order of the vocabulary, the best first.
    """
    used = record.rename_axis("row").reset_index().explode("source_ids").dropna(subset="source_ids")
    used = used.rename(columns={"source_ids": "source_id"}).merge(
        t.sources[["source_id", "kind"]], on="source_id"
    )
    used = used.sort_values(["kind", "row"], kind="stable")
    return used, used.drop_duplicates("row")


def completeness(t: Tables) -> pd.DataFrame:
    """How far each column is filled that may be empty, remarks left out, in tables that have rows.

    Columns: `table` (its title), `column`, `how_obtained`, `filled` and `rows` (numbers), `percent`, `meaning`, and
    `place`: which of the optional columns of its table it is, from 1 on.
    """
    found = []
    for name, frame in t.items():
        resource, place = t.resource(name), 0
        for column, field in fields(resource).items():
            if len(frame) and column not in REMARKS and not field.get("constraints", {}).get("required"):
                filled, place = int((frame[column].map(text_of) != "").sum()), place + 1
                how = field.get("obtained", ""), filled, len(frame), 100 * filled / len(frame)
                found.append((resource["title"], column, *how, field["description"], place))
    names = ["table", "column", "how_obtained", "filled", "rows", "percent", "meaning", "place"]
    return pd.DataFrame(found, columns=names).astype({"percent": float})


def known_gaps(t: Tables) -> pd.DataFrame:
    """What is known to be missing: `what_is_missing`, in how many `rows` of how many, `what_would_fill_it`."""
    held, documents = t.visits[t.visits["outcome"] == "held"], t.documents
    inferred = t.resolutions["unverified_fields"].map(lambda names: bool({"action", "term_years"} & {*names}))
    no_symbol = documents["unverified_fields"].map(lambda names: "symbol" in names) | documents["symbol"].eq(
        ""
    )
    of_terms = "reports of the session that appointed, letters of resignation"
    missing = [
        ("documents without a printed date", documents["date_from"].isna(), "the title page of each"),
        ("documents without a symbol that a source states", no_symbol, "the Official Document System"),
        (
            "documents without a holder, or attributed by inference",
            documents["attribution"] != "explicit",
            "their title pages",
        ),
        (
            "visits whose days are not known",
            held["start_from"] != held["start_to"],
            "the report on each visit",
        ),
        (
            "visits without a report that is known",
            held["report_symbol"] == "",
            "the addenda of the next session",
        ),
        ("statements on terms that give no day", t.terms["date_from"] != t.terms["date_to"], of_terms),
        ("resolutions of which an action or a term is inferred", inferred, "their operative paragraphs"),
        (
            "places of communications that concern all mandates together",
            t.communications_pointers["scope"] != "mandate",
            "a count by mandate in the public database of communications",
        ),
        (
            "statements of the assessment without a source to judge them by",
            t.claims["verdict"] == "cannot_be_checked",
            "named one by one in 07-checking-the-assessment",
        ),
    ]
    gaps = [(what, int(rows.sum()), len(rows), filled_by) for what, rows, filled_by in missing if rows.any()]
    return pd.DataFrame(gaps, columns=["what_is_missing", "rows", "of", "what_would_fill_it"]).astype(
        {"rows": int, "of": int}
    )
