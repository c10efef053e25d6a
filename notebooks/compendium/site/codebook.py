"""The codebook: every table and column as `datapackage.json` describes them, and the terms of the vocabularies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

import pandas as pd

from compendium import description as descriptor
from compendium import words as page
from compendium.description import Meta
from compendium.description import VOCABULARIES
from compendium.tables import Tables
from compendium.site.document import Document
from compendium.site.links import Links, source_anchor
from compendium.site.material import Material
from compendium.site.notebooks import title

OBTAINED = {
    "source": "from the source",
    "coded": "coded by us",
    "computed": "computed",
}
COLUMNS = ("Column", "Type", "Meaning", "Constraints and values", "Example", "How obtained")


def codebook(material: Material) -> Document:
    """The page of the codebook."""
    document = Document("Codebook")
    resources = material.tables.descriptor["resources"]
    columns = sum(len(descriptor.fields(resource)) for resource in resources)
    document.say(
        f"{page.md(material.tables.descriptor.get('description', ''))}\n\n"
        f"The data package has {page.counted(len(resources), 'table')} with {page.counted(columns, 'column')}. Each is "
        "described here as in `datapackage.json`, from which this page is made. A column that it does not describe "
        "is an error."
    )
    for resource in resources:
        _table(document, resource, material)
    return document


def terms(material: Material) -> Document | None:
    """The page of the terms used: all vocabularies with their meanings; None if the package has none."""
    if material.tables[VOCABULARIES].empty:
        return None
    document = Document("Terms used")
    document.say(
        "The values that tables use, with what they mean, vocabulary by vocabulary. What stands in a table is the code "
        "in `this type`; notebooks and figures show the name beside it."
    )
    for name, notebook in material.notebooks.items():
        if any(re.search(r"^## Words used$", cell.source, re.MULTILINE) for cell in notebook.cells):
            document.say(
                f"Words and abbreviations that the text uses: [{title(notebook)}, Words used]({name}.html#words-used)."
            )
    values = material.tables[VOCABULARIES]
    for vocabulary in dict.fromkeys(values["vocabulary"]):
        document.say(f"## {page.md(vocabulary.replace('_', ' ').capitalize())}")
        own = values[values["vocabulary"] == vocabulary].sort_values("ordinal")
        document.show(_definitions(own, "code", _vocabulary_anchor(vocabulary)))
    if len(material.tables["themes"]):
        document.say("## Themes of documents")
        document.show(_definitions(material.tables["themes"].sort_values("ordinal"), "theme_id", "themes"))
    return document


def _definitions(frame: pd.DataFrame, code: str, anchor: str) -> str:
    """A list of terms as HTML: label, code and meaning."""
    entries = "".join(
        f"<dt>{escape(row['label'])} <code>{escape(str(row[code]))}</code></dt><dd>{prose(row['definition'])}</dd>"
        for row in frame.to_dict("records")
    )
    return f'<dl class="terms" id="{escape(anchor)}">{entries}</dl>'


def prose(text: object) -> str:
    """A description as HTML: escaped, with what stands in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(str(text)))


def table_anchor(name: str) -> str:
    """Where a table stands in the codebook."""
    return f"table-{name}"


def _vocabulary_anchor(name: str) -> str:
    return f"vocabulary-{name}"


def _table(document: Document, resource: Meta, material: Material) -> None:
    name, tables = resource["name"], material.tables
    document.say(f"## {page.md(resource.get('title', name))}")
    rows = f"{page.counted(len(tables[name]), 'row')} · " if name in tables else "no file in this package · "
    file = f'<a href="data/{escape(resource["path"])}" download>{escape(resource["path"])}</a>'
    keys = ", ".join(f"<code>{escape(key)}</code>" for key in descriptor.primary_key(resource))
    document.show(
        f'<p id="{escape(table_anchor(name))}">{prose(resource.get("description", ""))}</p>\n'
        f"<p>Table <code>{escape(name)}</code> · {rows}{file if name in tables else ''} · key: {keys}</p>"
    )
    document.show(
        page.html_table(
            f"Columns of {resource.get('title', name)}",
            COLUMNS,
            (
                list(_row(resource, field, tables, material.links))
                for field in descriptor.fields(resource).values()
            ),
        )
    )


def _row(resource: Meta, field: Meta, tables: Tables, links: Links) -> Iterator[str]:
    """The cells of a column's row, as HTML."""
    yield f"<code>{escape(field['name'])}</code>"
    kind = "date of reduced precision" if descriptor.is_date(field) else str(field.get("type", "string"))
    yield escape(
        kind + (f", separated by {field['delimiter']}" if kind == "list" and "delimiter" in field else "")
    )
    yield prose(field.get("description", ""))
    yield "; ".join(_constraints(resource, field, tables))
    yield _example(resource, field, links)
    obtained = str(field.get("obtained", ""))
    yield escape(OBTAINED.get(obtained, obtained))


def _constraints(resource: Meta, field: Meta, tables: Tables) -> Iterator[str]:
    """What a value must satisfy, as HTML."""
    constraints = field.get("constraints", {})
    if constraints.get("required"):
        yield "required"
    if constraints.get("unique"):
        yield "unique"
    for rule, words in (("minimum", "at least"), ("maximum", "at most")):
        if rule in constraints:
            yield f"{words} {escape(str(constraints[rule]))}"
    if "pattern" in constraints:
        yield f"pattern <code>{escape(constraints['pattern'])}</code>"
    if "enum" in constraints:
        yield f"one of {_codes(constraints['enum'])}"
    for rule in sorted(set(constraints) - {"required", "unique", "minimum", "maximum", "pattern", "enum"}):
        yield escape(f"{rule} {constraints[rule]}")
    for link in descriptor.links(resource):
        if link.column == field["name"]:
            target = escape(f"{link.target}.{link.target_column}")
            yield f'refers to <a href="#{escape(table_anchor(link.target))}">{target}</a>'
    if vocabulary := field.get("vocabulary"):
        terms = f'<a href="terms.html#{escape(_vocabulary_anchor(vocabulary))}">{escape(vocabulary)}</a>'
        try:
            yield f"values of {terms}: {_codes(tables.codes(vocabulary))}"
        except KeyError:
            yield f"values of the vocabulary {escape(vocabulary)}, which this package does not have"


def _codes(values: Iterable[object]) -> str:
    return ", ".join(f"<code>{escape(str(value))}</code>" for value in values)


def _example(resource: Meta, field: Meta, links: Links) -> str:
    """The example of a column; keys of sources that the package has link to the page of sources."""
    example = str(field.get("example", ""))
    keys = descriptor.split(example, field) if field.get("type") == "list" else [example]
    if any(link.column == field["name"] and link.target == "sources" for link in descriptor.links(resource)):
        return "; ".join(
            f'<a href="sources.html#{escape(source_anchor(key))}">{escape(key)}</a>'
            if key in links.sources
            else escape(key)
            for key in keys
        )
    return escape("; ".join(keys))
