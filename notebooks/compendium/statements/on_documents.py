"""Checks of statements on documents, visits, themes and methods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from compendium.periods import is_before, show
from compendium.statements.record import (
    CONFLICTS,
    HOLDS,
    NOTE,
    Outcome,
    Record,
    UndecidedError,
    check,
    folded,
    in_words,
    known,
    number,
    pairs,
)

Texts = Sequence[str]


@check
def document_date(r: Record, about: Texts, stated: Texts) -> Outcome:
    """A document bears the date stated: compared with the date printed on it."""
    row = r.row("documents", about[0], "date")
    return r.dated("documents", row, "date", row.symbol or about[0], stated[0])


@check
def document_year(r: Record, about: Texts, stated: Texts) -> Outcome:
    """A document is of the year stated: compared with the year of its session and with its printed date."""
    row = r.row("documents", about[0], "listed_year")
    year, session, name = number(stated[0]), row.listed_year.year, row.symbol or about[0]
    if row.date is None:
        said = f"{name} belongs to the session of {session}; its printed date is not established."
        return r.judge(year == session, said, row)
    both = f"{name} belongs to the session of {session} and is dated {show(row.date)}"
    if session == row.date.year or year not in (session, row.date.year):
        return r.judge(year == session, f"{both}." if year == session else f"{both}; neither is {year}.", row)
    whose = "session" if year == session else "printed date"
    return Outcome(NOTE, f"{both}; the year stated is that of the {whose}.", r.sources(row))


@check
def documents_by_year(r: Record, about: Texts, stated: Texts) -> Outcome:
    """Documents appeared in the years stated, in this order: each as in `document_year`."""
    found, missing = [], []
    for document, year in pairs(about, stated):
        try:
            found.append(document_year(r, [document], [year]))
        except UndecidedError as undecided:
            missing.append(str(undecided))
    if not found:
        raise UndecidedError(" ".join(missing))
    verdicts = [one.verdict for one in found] + [NOTE] * bool(missing)
    worst = next(one for one in (CONFLICTS, NOTE, HOLDS) if one in verdicts)
    sources = dict.fromkeys(source for one in found for source in one.source_ids)
    return Outcome(worst, " ".join([*(one.reason for one in found), *missing]), tuple(sources))


@check
def document_holder(r: Record, about: Texts, stated: Texts) -> Outcome:
    """A document is by the mandate holder stated: compared with its attribution."""
    row = r.row("documents", about[0], "holder_id")
    name, holder = row.symbol or about[0], row.holder_id.label
    if row.holder_id != stated[0]:
        return r.judge(False, f"The record attributes {name} to {holder}.", row)
    if row.attribution == "explicit":
        return r.judge(True, f"A source names {holder} as the author of {name}.", row)
    said = f"{name} is attributed to {holder} by inference only ({row.attribution.label})."
    return Outcome(NOTE, said, r.sources(row))


@check
def document_body(r: Record, about: Texts, stated: Texts) -> Outcome:
    """A document went to the body stated: compared with the body that its symbol and title page name."""
    row = r.row("documents", about[0], "body")
    said = f"{row.symbol or about[0]} was submitted to the {row.body.label}"
    if row.body == stated[0]:
        return r.judge(True, f"{said}.", row)
    other = r.t.labels("body").get(stated[0], stated[0])
    return r.judge(False, f"{said}, as its symbol says, not to the {other}.", row)


@check
def document_kind(r: Record, about: Texts, stated: Texts) -> Outcome:
    """Documents are of the kind stated: compared with the kind that the record gives to each."""
    rows = [r.row("documents", document, "kind") for document in about]
    other = [row for row in rows if row.kind != stated[0]]
    kind = r.t.labels("document_kind").get(stated[0], stated[0])
    if not other:
        return r.judge(True, f"{in_words(row.symbol for row in rows)}: kind {kind}.", *rows)
    found = in_words(f"{row.symbol} ({row.kind.label})" for row in other)
    return r.judge(False, f"Not of the kind {kind}: {found}.", *rows)


@check
def documents_attested(r: Record, about: Texts, stated: Texts) -> Outcome:
    """Documents exist under the symbols stated: each must be attested by a source other than the assessment."""
    rows, missing = [], []
    for document, symbol in pairs(about, stated):
        try:
            row = r.row("documents", document, "symbol")
        except UndecidedError:
            missing.append(symbol)
            continue
        if folded(row.symbol) != folded(symbol):
            return r.judge(False, f"The record has {row.symbol} for {symbol}.", row)
        rows.append(row)
    none = f"found for {in_words(missing)}."
    if not rows:
        raise UndecidedError(f"No source other than the assessment was {none}")
    said = f"Other sources attest {in_words(row.symbol for row in rows)}." + f" None was {none}" * bool(
        missing
    )
    return r.judge(not missing, said, *rows, otherwise=NOTE)


@check
def last_document(r: Record, about: Texts, stated: Texts) -> Outcome:
    """A document is the last one of the mandate holder stated: no later one is attributed to them."""
    row = r.row("documents", about[0], "date", "holder_id")
    if row.holder_id != stated[0]:
        return r.judge(False, f"The record attributes {row.symbol} to {row.holder_id.label}.", row)
    later = [
        other
        for other in r.confirmed("documents")
        if other.holder_id == stated[0] and "holder_id" not in other.unverified_fields
        if other.date is not None and is_before(row.date, other.date)
    ]
    who, told = row.holder_id.label, in_words(f"{other.symbol} ({show(other.date)})" for other in later)
    if not later:
        return r.judge(True, f"The record has no later document of {who}.", row)
    if all(other.kind == "visit" for other in later):
        said = f"No later report of {who} is general or thematic; reports on visits followed: {told}."
        return Outcome(NOTE, said, r.sources(row, *later))
    return r.judge(False, f"Later documents of {who}: {told}.", row, *later)


@check
def visit_made(r: Record, about: Texts, stated: Texts) -> Outcome:
    """The holder stated made a visit that followed up an earlier one."""
    row = r.row("visits", about[0], "start", "holder_id")
    who = row.holder_id.label
    if row.outcome != "held" or row.holder_id != stated[0]:
        return r.judge(False, f"Outcome {row.outcome.label}; holder {who}.", row)
    if not row.follow_up_of:
        return r.judge(
            False, f"{who} made the visit ({show(row.start)}); no source calls it a follow-up.", row
        )
    before = [show(other.start) for other in r.rows("visits") if other.visit_id == row.follow_up_of]
    earlier = in_words(before) or "an earlier time"
    return r.judge(True, f"{who} made it from {show(row.start)}; it followed up the visit of {earlier}.", row)


@check
def document_reports_visit(r: Record, about: Texts, stated: Texts) -> Outcome:
    """A document (first of `about`) can report on a visit (second): it must not be older than the visit."""
    document, visit = r.row("documents", about[0], "date"), r.row("visits", about[1], "start")
    said = f"{document.symbol} is dated {show(document.date)}, the visit began on {show(visit.start)}"
    if not is_before(document.date, visit.start):
        return r.judge(True, f"{said}.", document, visit)
    own = f" The report on the visit is {visit.report_symbol}." if visit.report_symbol else ""
    return r.judge(False, f"{said}: the source is older than the visit.{own}", document, visit)


@check
def visits_every_year(r: Record, about: Texts, stated: Texts) -> Outcome:
    """Visits were made in every year from the first attested one to the last full year before the assessment."""
    per_year = Counter(row.start.year for row in r.visits_by_then())
    years = range(min(per_year), r.assessed.year)
    none = [year for year in years if year not in per_year]
    said = (
        f"From the first confirmed one on, the record has {per_year.total()} visits up to the assessment, in "
        f"{len(years) - len(none)} of the {len(years)} full years from {years[0]} to {years[-1]}; at most "
        f"{max(per_year.values())} in one year."
    )
    if none:
        shows = f"For {in_words(none)} no source found shows one, which is no proof that there was none."
        raise UndecidedError(f"{said} {shows}")
    return r.judge(True, said)


@check
def follow_ups_rare(r: Record, about: Texts, stated: Texts) -> Outcome:
    """Follow-up visits were the exception: fewer than half of the visits held up to the assessment."""
    held = r.visits_by_then()
    followed = [row for row in held if row.follow_up_of]
    said = f"Of {len(held)} visits confirmed up to the assessment, sources call {len(followed)} a follow-up."
    return r.judge(2 * len(followed) < len(held), said, *followed)


@check
def visits_of_every_holder(r: Record, about: Texts, stated: Texts) -> Outcome:
    """Every holder up to the assessment made at least one confirmed country visit."""
    visits = Counter(row.holder_id for row in r.by_then("visits", "start") if row.outcome == "held")
    served = {row.holder_id for row in r.by_then("terms", "date")}
    holders = [row.holder_id for row in r.rows("holders") if row.holder_id in served]
    told = in_words(f"{holder.label} {visits[holder]}" for holder in holders)
    said = f"Confirmed visits up to the assessment: {told or 'none'}."
    if holders and all(visits[holder] for holder in holders):
        return r.judge(True, said)
    raise UndecidedError(said)


@check
def theme_since(r: Record, about: Texts, stated: Texts) -> Outcome:
    """A theme (second of `about`) has been treated since the year stated, with a document (first) as source."""
    row, year = r.row("documents", about[0], "listed_year"), number(stated[0])
    of_theme = {one.document_id for one in r.confirmed("document_themes") if one.theme_id == about[1]}
    if row.document_id not in of_theme:
        return r.judge(False, f"The record does not give {row.symbol} this theme.", row)
    if row.listed_year.year != year:
        return r.judge(False, f"{row.symbol} belongs to the session of {row.listed_year}.", row)
    documents = [one for one in r.confirmed("documents") if one.document_id in of_theme]
    earlier = [one for one in documents if one.listed_year.year < year]
    if not earlier:
        return r.judge(True, f"{row.symbol} is the first of that theme in the record.", row)
    told = in_words(f"{one.symbol} ({one.listed_year})" for one in earlier)
    said = f"{row.symbol} has the theme; so had, earlier, {told}."
    return Outcome(NOTE, said, r.sources(row, *earlier))


@check
def theme_reported(r: Record, about: Texts, stated: Texts) -> Outcome:
    """At least so many documents of the mandate had dealt with a theme by the time of the assessment."""
    theme = known(about[0], r.t.themes["theme_id"], "theme")
    of_theme = {one.document_id for one in r.confirmed("document_themes") if one.theme_id == theme}
    found = [row for row in r.documents_by_then() if row.document_id in of_theme]
    told = in_words(f"{row.symbol} ({row.listed_year})" for row in found) or "none in the record"
    said = f"Documents on this theme up to the assessment: {told}."
    return r.judge(len(found) >= number(stated[0]), said, *found)


@check
def methods_used_before(r: Record, about: Texts, stated: Texts) -> Outcome:
    """Most of the working methods were used by holders before the one named: shown by documents of their kinds."""
    order = r.t.codes("holders")
    earlier = order[: order.index(about[0])] if about[0] in order else []
    kinds = {row.kind for row in r.confirmed("documents") if row.holder_id in earlier}
    methods = r.rows("methods")
    if not methods or not kinds:
        raise UndecidedError("There are no methods, or no documents of earlier holders.")
    shown = [method.title for method in methods if kinds & set(method.document_kinds)]
    said = f"Documents of earlier holders show {len(shown)} of {len(methods)} methods: {in_words(shown)}."
    if 2 * len(shown) > len(methods):
        return r.judge(True, said)
    raise UndecidedError(f"{said} The others leave no documents of a kind of their own.")


@check
def communications_from_the_first(r: Record, about: Texts, stated: Texts) -> Outcome:
    """Communications began with the first documents: the earliest place where they stand is the earliest document."""
    pointers = r.confirmed("communications_pointers")
    places = [row for row in pointers if row.scope == "mandate" and row.date is not None]
    documents = r.documents_by_then()
    if not places or not documents:
        raise UndecidedError(
            "The record has no dated place of communications, or no document of the mandate."
        )
    first, earliest = min(places, key=lambda row: row.date_from), documents[0]
    if folded(first.symbol) == folded(earliest.symbol):
        return r.judge(True, f"They stand in {first.symbol}, the earliest document.", first)
    raise UndecidedError(
        f"The earliest place found is {first.symbol}, {show(first.date)}. No source found tells of the time "
        f"since the earliest document, {earliest.symbol} ({show(earliest.date or earliest.listed_year)})."
    )


@check
def bodies(r: Record, about: Texts, stated: Texts) -> Outcome:
    """Documents went to the bodies stated and to no others, up to the assessment."""
    found = Counter(row.body for row in r.documents_by_then())
    told = in_words(f"{body.label} {found[body]}" for body in r.t.codes("body") if found[body])
    return r.judge(set(found) == set(stated), f"Documents up to the assessment: {told or 'none'}.")
