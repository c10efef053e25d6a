"""Lists and totals of the assessment, counted against the record."""

from __future__ import annotations

import pandas as pd

from compendium.tables import Tables, attested, includes


def totals(t: Tables) -> pd.DataFrame:
    """What the assessment lists or counts, and how many the record confirms up to its day and up to now.

    Columns: `what_is_counted`, `in_the_assessment`, `in_the_record_by_then`, `in_the_record_now`. A list is made of all
    documents of one kind that one passage, or one of its footnotes, names; kinds count where a source states them.
    """
    documents, assessment = t.documents, t.about("assessment")
    cited = t.citations[t.citations["form"] != "cross_reference"].dropna(subset="document_id")
    of_kind = documents[attested(documents, "kind")]
    counted: list[tuple[str, int, pd.DataFrame]] = []
    named = cited.merge(of_kind[["document_id", "kind"]], on="document_id")
    for (passage, footnote), rows in named.groupby(["passage_id", "footnote"], sort=False):
        kind, number = rows["kind"].iloc[0], rows["document_id"].nunique()
        if number > 1 and (rows["kind"] == kind).all():
            what = f"{kind.label}s named in {footnote or passage}"
            counted.append((what, number, of_kind[of_kind["kind"] == kind]))
    starts = t.terms[t.terms["sure"] & (t.terms["event"] != "left_office")]
    printed = starts[includes(starts["source_ids"], assessment)]
    visits = t.visits[t.visits["sure"] & (t.visits["outcome"] == "held") & (t.visits["follow_up_of"] != "")]
    about = {key for keys in t.claims["about"] for key in keys}
    comments = t.events[t.events["sure"] & (t.events["kind"] == "general_comment")]
    counted += [
        ("mandate holders named", printed["holder_id"].nunique(), starts.drop_duplicates("holder_id")),
        ("follow-up visits named", visits["visit_id"].isin(about).sum(), visits),
        ("general comments cited", comments["event_id"].isin(t.citations["event_id"]).sum(), comments),
        ("documents of the mandate cited", cited["document_id"].nunique(), documents[documents["sure"]]),
    ]
    lines = [(what, n, (of["known_to"] <= t.assessed).sum(), len(of)) for what, n, of in counted]
    names = ["what_is_counted", "in_the_assessment", "in_the_record_by_then", "in_the_record_now"]
    return pd.DataFrame(lines if len(t.claims) else [], columns=names)
