"""Data packages of made-up mandates of any size, valid, the same each time: `python tests/synthetic.py DIR FACTOR`."""

import csv
import io
import json
import sys
from datetime import date, timedelta
from itertools import count
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
COUNTRIES = ("KEN", "IND", "PER", "FRA", "ALB", "GHA", "JPN", "CUB", "ITA", "FJI", "TGO", "NPL")
GROUPS = ("african", "asia-pacific", "grulac", "weog", "eastern-european")
SURE = {"source_ids": "list-m", "status": "confirmed"}
THEMES = 12


def package(
    folder: Path,
    *,
    holders: int,
    at_a_time: int = 1,
    first: int = 2006,
    last: int = 2024,
    documents: int = 12,
    visits: int = 6,
    coding: bool = True,
    challenges: int = 3,
    bodies: int = 4,
) -> Path:
    """Write a package to a new folder and return it.

    `holders` persons serve one term each, `at_a_time` of them together, from `first` to `last` (years), with so many
    `documents` and `visits`; without `coding`, no table of the coding is described. The assessment names so many
    `challenges`, and so many `bodies` of the index have rows, of which the second and third are of the Committee.
    """
    schema = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    rows = _record(holders, at_a_time, first, last, documents, visits) | _monitoring(first, last, bodies)
    if coding:
        rows |= _coding(first, last, challenges, rows["documents"])
    mandate = {"title": "Working Group on M" if at_a_time > 1 else "Independent Expert on M"}
    if coding:
        mandate["assessment"] = "assessment-m"
    others = [f"body-{n}" for n in range(4, bodies + 1)]
    mandate |= {
        "treaty": "TM",
        "index": {
            "mandate": "body-1",
            "treaty": "body-2",
            "committee": ["body-2", "body-3"],
            "others": others,
        },
    }
    kept = ("$schema", "version", "licenses")
    descriptor = {key: schema[key] for key in kept} | {
        "name": "mandate-m",
        "title": mandate["title"],
        "created": f"{last}-11-30T00:00:00Z",
        "mandate": mandate | {"holders_at_a_time": at_a_time},
        "resources": [table for table in schema["resources"] if table["name"] in ("vocabularies", *rows)],
    }
    folder.mkdir(parents=True)
    (folder / "datapackage.json").write_text(json.dumps(descriptor, indent=2), encoding="utf-8")
    for table in descriptor["resources"]:
        path = folder / table["path"]
        path.parent.mkdir(exist_ok=True)
        if table["name"] == "vocabularies":
            values = list(csv.DictReader(io.StringIO((DATA / table["path"]).read_text(encoding="utf-8"))))
            values = [row for row in values if row["vocabulary"] not in ("treaty", "uhri_body")]
            rows["vocabularies"] = sorted(
                values + _vocabulary(bodies), key=lambda row: (row["vocabulary"], int(row["ordinal"]))
            )
        names = [field["name"] for field in table["schema"]["fields"]]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows[table["name"]])
    return folder


def _document(serial: int, body: str, written: date, holder: str, kind: str, name: str) -> dict:
    """A confirmed document of the mandate."""
    return {
        "document_id": f"doc-{serial:06}",
        "symbol": f"M/{serial}",
        "body": body,
        "date": written,
        "listed_year": written.year,
        "holder_id": holder,
        "attribution": "explicit",
        "kind": kind,
        "title": f"{name} {serial}",
    } | SURE


def _record(
    holders: int, at_a_time: int, first: int, last: int, documents: int, visits: int
) -> dict[str, list[dict]]:
    """Rows of the tables of the record."""
    generations = -(-holders // at_a_time)
    begin, days = date(first, 6, 18), (date(last, 5, 1) - date(first, 6, 18)).days
    length = days // generations
    people, terms, office = [], [], []
    for number in range(holders):
        start = begin + timedelta(length * (number // at_a_time))
        end = start + timedelta(length - 1)
        name = f"holder-{number + 1:04}"
        short = f"Holder {number + 1}"
        office.append((name, start, end))
        people.append({"holder_id": name, "ordinal": number + 1, "name": short, "short_name": short} | SURE)
        statement = {"holder_id": name, "term": 1} | SURE
        if number // at_a_time < generations - 1:
            terms.append(
                {"term_statement_id": f"{name}-end", "event": "left_office", "date": end} | statement
            )
        terms.append(
            {"term_statement_id": f"{name}-start", "event": "took_office", "date": start} | statement
        )
    resolutions = [
        {
            "resolution_id": f"m-{number:02}",
            "symbol": f"RES/M/{number}",
            "short": f"RES/M/{number}",
            "body": "HRC",
            "adopted": max(date(first, 3, 30), date(when, 3, 30)),
            "action": "created" if number == 1 else "extended",
            "term_years": 3,
            "summary": "Created the mandate." if number == 1 else "Extended the mandate.",
        }
        | SURE
        for number, when in enumerate(range(first, last + 1, 3), 1)
    ]
    papers, focus, journeys = [], [], []
    counter = count(1)
    for number in range(documents):
        name, start, end = office[number * holders // documents if documents >= holders else number]
        day = start + timedelta((end - start).days * (number % 7) // 7)
        serial = next(counter)
        papers.append(
            _document(
                serial,
                "HRC" if number % 3 else "GA",
                day,
                name,
                "annual" if number % 2 else "thematic",
                "Report",
            )
            | ({} if number % 9 else {"source_ids": "", "status": "unverified"})
        )
        if number % 2 == 0 and number % 9:
            focus.append(
                {"document_id": papers[-1]["document_id"], "theme_id": f"theme-{number % THEMES + 1:02}"}
                | SURE
            )
    for number in range(visits):
        name, start, end = office[number * holders // visits if visits >= holders else number]
        day = start + timedelta((end - start).days * (number % 5) // 5)
        serial = next(counter)
        written = min(day + timedelta(120), date(last, 10, 1))
        report = _document(serial, "HRC", written, name, "visit", "Visit report")
        papers.append(report)
        journeys.append(
            {
                "visit_id": f"visit-{serial:06}",
                "country": COUNTRIES[number % len(COUNTRIES)],
                "start": day,
                "end": day + timedelta(9) if number % 4 else "",
                "outcome": "held",
                "holder_id": name,
                "report_symbol": report["symbol"],
            }
            | SURE
        )
    return {
        "sources": [
            {
                "source_id": "assessment-m",
                "title": "Review of the mandate on M",
                "publisher": "Institute M",
                "kind": "assessment",
                "date": last - 4,
            },
            {
                "source_id": "list-m",
                "title": "List of M",
                "publisher": "M",
                "url": "https://example.org/m",
                "kind": "un_document",
            },
        ],
        "countries": sorted(
            (
                {"country": code, "name": f"Country {code}", "regional_group": GROUPS[number % len(GROUPS)]}
                | SURE
                for number, code in enumerate(COUNTRIES)
            ),
            key=lambda row: row["country"],
        ),
        "holders": people,
        "terms": terms,
        "resolutions": resolutions,
        "mandate_names": [
            {"name_id": "m", "start": date(first, 3, 30), "name": "Mandate on M", "resolution_id": "m-01"}
            | SURE
        ],
        "documents": papers,
        "themes": [
            {
                "theme_id": f"theme-{n:02}",
                "ordinal": n,
                "label": f"Theme {n}",
                "definition": f"Made-up theme {n}.",
            }
            for n in range(1, THEMES + 1)
        ],
        "document_themes": focus,
        "visits": journeys,
        "events": [
            {
                "event_id": "congress-m",
                "date": first + 1,
                "kind": "congress",
                "title": "Congress M",
                "relation": "Asked for more.",
            }
            | SURE,
        ],
    }


def _vocabulary(bodies: int) -> list[dict]:
    """Treaties and bodies of the made-up world."""
    treaties = {"TM": "Treaty on M", "TX": "Treaty on X", "TY": "Treaty on Y"}
    indexed = {f"body-{n}": f"Body {n}" for n in range(1, bodies + 1)}
    return [
        {"vocabulary": name, "code": code, "ordinal": n, "label": label, "definition": f"Made up: {label}."}
        for name, values in (("treaty", treaties), ("uhri_body", indexed))
        for n, (code, label) in enumerate(values.items(), 1)
    ]


def _monitoring(first: int, last: int, bodies: int) -> dict[str, list[dict]]:
    """Rows of the counts of parties to treaties and of the records of the index."""
    return {
        "treaty_parties": [
            {"treaty": treaty, "year": year, "parties": 20 * n + year - first} | SURE
            for n, treaty in enumerate(("TM", "TX", "TY"), 1)
            for year in range(first, last + 1)
        ],
        "uhri_counts": [
            {"body": f"body-{n}", "year": year, "records": 5 * n + (year - first) % 7} | SURE
            for n in range(1, bodies + 1)
            for year in range(first, last + 1)
            if (n + year) % 4
        ],
    }


def _since(last: int, challenges: list[str], papers: list[dict]) -> dict[str, list[dict]]:
    """Rows of what came after the assessment: documents of the mandate, and studies, on every second challenge."""
    later = [paper for paper in papers if paper["listed_year"] > last - 4 and paper["kind"] == "thematic"]
    items = [
        {
            "item_id": paper["document_id"],
            "document_id": paper["document_id"],
            "reference": paper["symbol"],
            "date": paper["date"],
            "kind": "mandate_report",
        }
        for paper in later
    ]
    items += [
        {"item_id": f"study-{n}", "reference": f"Study {n}", "date": last - n % 3, "kind": "study"}
        for n in range(1, len(challenges) // 2 + 2)
    ]
    return {
        "followthrough_items": [
            {
                "item_id": item["item_id"],
                "reference": item["reference"],
                "content": "Made up.",
                "read": "title",
            }
            for item in items
        ],
        "challenge_followthrough": [
            item
            | {
                "followthrough_id": f"{item['item_id']}-{challenges[2 * n % len(challenges)]}",
                "challenge_id": challenges[2 * n % len(challenges)],
                "how": "Has it as its subject",
                "reason": "Title: the subject is that.",
            }
            | SURE
            for n, item in enumerate(items)
        ],
    }


def _coding(first: int, last: int, challenges: int, papers: list[dict]) -> dict[str, list[dict]]:
    """Rows of the tables of the coding."""
    said = {"strength": "asserted", "passage_id": "body-p1"}
    names = [f"law-{n}" for n in range(1, challenges + 1)]
    return {
        "sections": [
            {"section_id": "opening", "ordinal": 1, "part": "1", "label": "Opening", "paragraphs": 1},
            {"section_id": "body", "ordinal": 2, "part": "2", "label": "Body", "paragraphs": 1},
        ],
        "passages": [
            {
                "passage_id": f"{section}-p1",
                "section": section,
                "position": n,
                "kind": "paragraph",
                "words": 40,
                "sha256": f"{n}" * 64,
            }
            for n, section in enumerate(("opening", "body"), 1)
        ],
        "citations": [
            {"citation_id": "c-1", "passage_id": "body-p1", "form": "text", "document_id": "doc-000001"}
        ],
        "chronology": [
            {
                "chronology_id": "ch-1",
                "date": first,
                "label": "The mandate began",
                "kind": "institution",
                **said,
            }
        ],
        "double_coding": [
            {
                "coding_table": table,
                "unit": unit,
                "variable": "row",
                "first": "x",
                "second": "",
                "settled": "x",
            }
            | {"passage_id": "body-p1"}
            for table, unit in (("challenge_followthrough", "study-1-law-1"), ("challenges", "law-1"))
        ],
        "methods": [
            {"method_id": "visits", "ordinal": 1, "title": "Visits", "document_kinds": "visit", **said}
        ],
        "method_evidence": [
            {
                "evidence_id": "me-1",
                "method_id": "visits",
                "basis": "collective",
                "statement": "Visits were made.",
                **said,
            }
        ],
        "achievements": [
            {
                "achievement_id": "ac-1",
                "area": "awareness",
                "claim": "Awareness grew.",
                "certainty": "plain",
                **said,
            }
        ],
        "challenges": [
            {
                "challenge_id": name,
                "parent_id": names[n - n % 10] if n % 10 else "",
                "ordinal": n + 1,
                "label": f"Law {n + 1}",
                **said,
            }
            for n, name in enumerate(names)
        ],
        "agenda": [
            {
                "agenda_id": "ag-1",
                "ordinal": 1,
                "item": "Set targets",
                "addressed_to": "special_rapporteur",
                **said,
            }
        ],
    } | _since(last, names, papers)


def write(folder: Path, size: int) -> Path:
    """Write a package of so many times about the size of the real data."""
    return package(
        folder, holders=10 * size, at_a_time=size, documents=50 * size, visits=50 * size, first=1990
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
