"""What machines read of the compendium: schema.org on each page, and the whole as an RO-Crate.

Sources: https://schema.org/Dataset, https://schema.org/ScholarlyArticle, https://w3id.org/ro/crate/1.2
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from compendium.site.material import Material, said_of

FILE = "ro-crate-metadata.json"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
NOTEBOOK = "application/x-ipynb+json"
TEXTS = [
    ("README.md", "What this is and how to run it", "text/markdown", ""),
    ("CITATION.cff", "How to cite", "application/yaml", ""),
    ("data/datapackage.json", "Description of all tables", "application/json", ""),
    ("requirements.lock", "All libraries with their versions and hashes", "text/plain", ""),
]
Entity = dict[str, Any]


def dataset(material: Material) -> Entity:
    """The compendium as a data set of schema.org."""
    package, cited = material.package, material.citation
    authors = [{"@type": "Organization", "name": one["name"]} for one in cited.get("authors", [])]
    return {
        "@type": "Dataset",
        "name": material.title,
        "description": package.get("description", material.title),
        "version": material.version,
        "datePublished": str(package.get("created", ""))[:10],
        "license": [one["path"] for one in package.get("licenses", []) if "path" in one],
        "keywords": package.get("keywords", []),
        "creator": authors,
        "isBasedOn": [one["title"] for one in cited.get("references", [])],
        "variableMeasured": [table.get("title", table["name"]) for table in package["resources"]],
    }


def script(material: Material, page: str, title: str, description: str) -> str:
    """What the head of a page has for machines: the data set, or an article that is a part of it."""
    about = dataset(material)
    if page in material.notebooks:
        parts = ("@type", "name", "version", "license", "creator")
        about = {
            "@type": "ScholarlyArticle",
            "headline": title,
            "abstract": description,
            "isPartOf": {name: about[name] for name in parts},
            **{name: about[name] for name in ("datePublished", "license", "creator")},
        }
    told = json.dumps({"@context": "https://schema.org"} | about, ensure_ascii=False)
    return f'<script type="application/ld+json">{told.replace("<", chr(92) + "u003c")}</script>'


def crate(material: Material) -> Entity:
    """The repository as an RO-Crate: data, notebooks, figures and texts with what each is."""
    project, whole = material.project, dataset(material)
    editors = {
        "@id": "#editors",
        **(whole.pop("creator") or [{"@type": "Organization", "name": "unknown"}])[0],
    }
    described = [
        (f"data/{table['path']}", table.get("title", table["name"]), "text/csv", table.get("description", ""))
        for table in material.package["resources"]
    ]
    described += [
        (
            f"figures/{path.name}",
            f"Figure {path.stem}",
            "image/png",
            "Drawn from the CSV file of the same name.",
        )
        for path in sorted(material.figures.glob("*.png"))
    ]
    described += [one for one in TEXTS if (project / one[0]).is_file()]
    described += [
        (f"notebooks/{name}.ipynb", said_of(one)["title"], NOTEBOOK, "")
        for name, one in material.notebooks.items()
    ]
    files = [
        {"@id": name, "@type": "File", "name": title, "encodingFormat": kind, "description": told or title}
        | {"contentSize": str((project / name).stat().st_size)}
        | (
            {"@type": ["File", "SoftwareSourceCode"], "programmingLanguage": {"@id": "#python"}}
            if kind == NOTEBOOK
            else {}
        )
        for name, title, kind, told in described
    ]
    root = {"@id": "./", **whole, "license": {"@id": CC_BY}, "author": {"@id": "#editors"}}
    root["publisher"] = root["author"]
    root |= {
        "hasPart": [{"@id": one["@id"]} for one in files],
        "isBasedOn": {"@id": "#assessment"},
    }
    descriptor = {
        "@id": FILE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.2"},
        "about": {"@id": "./"},
    }
    return {
        "@context": "https://w3id.org/ro/crate/1.2/context",
        "@graph": [
            descriptor,
            root,
            *files,
            editors,
            {"@id": "#assessment", "@type": "CreativeWork", "name": "; ".join(whole["isBasedOn"])},
            {
                "@id": "#python",
                "@type": "ComputerLanguage",
                "name": "Python",
                "version": "3.11 or newer",
                "url": "https://www.python.org/",
            },
            {"@id": CC_BY, "@type": "CreativeWork", "name": "Creative Commons Attribution 4.0"}
            | {"description": "Use and change for any purpose, if the source is named."},
        ],
    }


def write(material: Material) -> Path:
    """Write the RO-Crate of the project beside its data; return the file."""
    path = material.project / FILE
    path.write_text(json.dumps(crate(material), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
