"""The site as files: its pages, links and downloads, and that it is built all or nothing, the same each time."""

import hashlib
import json
import re
import zipfile
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from frictionless import Package
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pybtex.database import parse_file, parse_string

from compendium import description
from compendium.editing.check import check
from compendium.execution import hygiene
from compendium.execution.run import MARK, RefusedError, alone
from compendium.links import SYMBOL_COLUMNS, Links, address, web
from compendium.site import SiteError, bibliography, build, downloads, material, pages, rendering
from compendium.site.polish import polish
from compendium.tables import load
from conftest import HOSTILE, NOTEBOOKS, TESTS, linked_project, mandate_m, prints

PROJECT = TESTS.parent
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
pytestmark = pytest.mark.xdist_group("site")


def soup(html: str | Path) -> BeautifulSoup:
    return BeautifulSoup(html.read_text("utf-8") if isinstance(html, Path) else html, "html.parser")


def words(node) -> str:
    return " ".join(node.get_text().split())


@pytest.fixture(scope="session")
def soups(site: Path) -> dict[str, BeautifulSoup]:
    """All pages of the site by the names of their files."""
    return {path.name: soup(path) for path in sorted(site.glob("*.html"))}


@pytest.fixture(scope="session")
def tables():
    return load(PROJECT / "data")


# --- pages ---


def test_there_is_a_page_for_each_notebook_and_each_subject_and_next_leads_through_all(soups):
    subjects = {"index", "codebook", "terms", "sources", "downloads", "how-made", "two-mandates"}
    subjects |= {"coding-guide", "extend", "contributing", "cite", "changes", "search"}
    assert set(soups) == {f"{name}.html" for name in subjects | {path.stem for path in NOTEBOOKS}}
    seen = ["index.html"]
    while (following := soups[seen[-1]].select_one("a.next-page")) and len(seen) < len(soups):
        seen.append(following["href"])
    listed = [link["href"] for link in soups["search.html"].select(".sidebar-tree a")]
    assert seen == ["index.html", *listed] and {*seen, "search.html"} == set(soups)


EXAMPLE = "../examples/trafficking/site/index.html"  # is there after `make example`, as the page says


def test_every_link_leads_somewhere_and_nothing_is_loaded_from_another_host(site, soups):
    broken = []
    for name, page in soups.items():
        for tag in page.find_all(["a", "img", "link", "script", "iframe"]):
            target = tag.get("href") or tag.get("src") or ""
            if tag.name != "a" and re.match(r"(https?:)?//", target):
                broken.append(f"{name} loads {target}")
            if re.match(r"[a-z]+:", target) or not target or target in ("#", EXAMPLE):
                continue
            file, _, anchor = target.partition("#")
            file = file.partition("?")[0] or name
            if not (site / file).is_file() or (anchor and file in soups and not soups[file].find(id=anchor)):
                broken.append(f"{name}: {target}")
    for style in site.rglob("*.css"):
        broken += re.findall(r"url\(['\"]?(?:https?:)?//.*|@import.*", style.read_text("utf-8"))
    assert broken == []


def test_each_page_is_of_one_form(site, soups, tables):
    for name, page in soups.items():
        levels = [int(heading.name[1]) for heading in page.find_all(re.compile("^h[1-6]$"))]
        assert levels[0] == 1 and levels.count(1) == 1 and all(b <= a + 1 for a, b in pairwise(levels)), name
        assert f"Data version {tables.descriptor['version']}, as of " in words(page.find("footer")), name
        assert page.html["lang"] == "en" and (site / name).stat().st_size < 1_000_000, name
        for table in page.find_all("table"):
            assert words(table.caption) and table.parent["aria-labelledby"] == table.caption["id"], name
            assert all(cell.get("scope") in ("col", "row") for cell in table.find_all("th")), name
            assert table.has_attr("data-sortable") == (len(table.select("tbody tr")) > 10), name


def plain(output) -> str:
    """The words that an output puts on a page: those of a table, or of a paragraph without its marks."""
    if output.metadata.get("compendium"):
        return ""
    if html := output.data.get("text/html"):
        return words(soup(html).table)
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", output.data["text/markdown"])
    return " ".join(re.sub(r"\\(.)|\*\*?|^> |^- ", r"\1", text, flags=re.MULTILINE).split())


def test_all_that_a_notebook_shows_is_there_with_its_code_folded(soups):
    figures, front = [], []
    for path in NOTEBOOKS:
        page = soups[f"{path.stem}.html"]
        cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        assert [part["id"] for part in page.select("div.cell")] == [f"cell-{cell.id}" for cell in cells]
        assert all(code.find_parent("details") for code in page.select("div.cell div.highlight"))
        assert not page.select("details[open]")
        shown = [(cell, output) for cell in cells for output in cell.outputs]
        html = "".join(output.get("data", {}).get("text/html", "") for _, output in shown)
        assert len(page.select("div.cell table")) == html.count("<table")
        for cell, output in shown:
            if name := output.get("metadata", {}).get("compendium", {}).get("figure"):
                figure = page.find(id=f"figure-{name}")
                drawings = figure.select("svg[role=group]")
                assert [one["aria-label"] for one in drawings] == [output.metadata["image/png"]["alt"]] * 2
                ids = [{part["id"] for part in one.select("[id]")} for one in drawings]
                assert ids[0].isdisjoint(ids[1]) and figure.find("title"), name
                files = [f"figures/{name}.{kind}" for kind in ("csv", "svg", "png", "pdf")]
                targets = [link["href"] for link in figure.select("figcaption a")]
                assert targets == [f"{path.stem}.html#cell-{cell.id}", *files]
                assert f"Figure {name} in: {soups['index.html'].h1.get_text()[:-1]}" in words(
                    figure.figcaption
                )
                figures.append(name)
            if "front-page" in cell.metadata.get("tags", []):
                front.append(plain(output))
    assert sorted(figures) == sorted(path.stem for path in (PROJECT / "figures").glob("[0-9]*.png"))
    page = words(soups["index.html"].article).replace("’", "'")
    assert len([*filter(None, front)]) > 3 and [text for text in front if text not in page] == []
    assert len(soups["index.html"].select("article figure")) == 1


def test_every_symbol_in_a_table_leads_to_its_document_and_every_source_to_its_address(soups, tables):
    symbols = {*tables.documents["symbol"], *tables.resolutions["symbol"]}
    symbols = {symbol for symbol in symbols if "/" in symbol and " " not in symbol}
    linked, unlinked = set(), []
    for name, page in soups.items():
        for text in page.select_one("article").find_all(string=re.compile("/")):
            if link := text.find_parent("a"):
                linked |= {str(text)} if link["href"] == address(text) else set()
            elif text.find_parent("table", class_="data") and not text.find_parent("code"):
                found = re.findall(r"(?<![\w/.-])[A-Z][\w./()-]+[\w)](?![\w/])", text)
                unlinked += [f"{name}: {one}" for one in found if one in symbols]
    assert unlinked == [] and symbols <= linked
    rows = {row.th.span["id"]: row for row in soups["sources.html"].select("tbody tr")}
    for row in tables.sources.itertuples():
        found = [link["href"] for link in rows[f"source-{row.source_id}"].select("td a:not(.symbol)")]
        assert found == ([row.url] if row.url else [])


def test_the_codebook_has_every_table_and_every_column_with_all_that_is_described(soups):
    for resource in description.schema()["resources"]:
        place = soups["codebook.html"].find(id=f"table-{resource['name']}")
        rows = {words(row.th): row for row in place.find_next("table").select("tbody tr")}
        assert list(rows) == list(description.fields(resource))
        for name, field in description.fields(resource).items():
            text = words(rows[name])
            assert f"{field['title']}. {' '.join(field['description'].replace('`', '').split())}" in text
            assert str(field["example"]).split(";")[0] in text
            assert ("required" in text) >= bool(field.get("constraints", {}).get("required"))
            if vocabulary := field.get("vocabulary"):
                assert rows[name].find("a", href=f"terms.html#vocabulary-{vocabulary}")


def test_pages_take_what_the_readme_marks_whatever_its_headings_and_sentences_say(tmp_path):
    project = linked_project(tmp_path / "project")
    text = (project / "README.md").read_text(encoding="utf-8")
    (project / "README.md").unlink()
    edited = re.sub("^## (.+)$", r"## Now \1", text, flags=re.M).replace("\nCode: MIT", "\nIt is MIT")
    (project / "README.md").write_text(edited, encoding="utf-8")
    gathered = material.gather(project, None, None)
    downloads.write(gathered, tmp_path / "made")
    made = {name: page.decode() for name, page in pages.pages(gathered, tmp_path / "made").items()}
    headings = set(re.findall("^## Now (.+)$", made["how-made.md"], re.MULTILINE))
    assert headings == {"Two commands", "Where things are", "What is not covered"}
    assert "## Now Add a row" in made["extend.md"]
    assert "It is MIT" in made["cite.md"] and "CC BY 4.0" in made["cite.md"]
    (project / "README.md").write_text(edited.replace("<!-- site: licences -->", ""), encoding="utf-8")
    with pytest.raises(SiteError, match=r"README\.md has no line `<!-- site: licences -->`"):
        pages.pages(material.gather(project, None, None), tmp_path / "made")


# --- downloads ---


def test_the_zip_is_a_data_package_of_its_own_and_the_manifest_has_all_that_the_run_made(site, tmp_path):
    (path,) = (site / "downloads").glob("*.zip")
    with zipfile.ZipFile(path) as made:  # the same bytes, whoever compresses
        assert {member.compress_type for member in made.infolist()} == {zipfile.ZIP_STORED}
        texts = {"LICENSE.txt", "README.md", "CITATION.cff", "CHANGELOG.md", "coding/GUIDE.md", "notes/01.md"}
        assert {"datapackage.json", *texts} <= {*made.namelist()}
        made.extractall(tmp_path)
    package = description.read(tmp_path)
    assert path.name == f"{package['name']}-{package['version']}.zip" and package["licenses"]
    assert not check(tmp_path) and Package(str(path)).validate().valid
    tables = {table["path"] for table in package["resources"]}
    assert {name: prints(tmp_path)[name] for name in tables} == {
        name: value for name, value in prints(PROJECT / "data").items() if name in tables
    }
    lines = (site / "downloads" / "manifest-sha256.txt").read_text(encoding="utf-8").splitlines()
    listed = dict(reversed(line.split("  ")) for line in lines)
    kept = {name: value for name, value in prints(site).items() if not re.match(r"[^/]+$|_static/", name)}
    assert listed == {name: kept[name] for name in kept.keys() - {"downloads/manifest-sha256.txt"}}
    made = {f"notebooks/{path.name}" for path in NOTEBOOKS}
    assert made | {f"figures/{path.name}" for path in (PROJECT / "figures").glob("[0-9]*")} <= set(listed)


# Marks that TeX has names for; others get a backslash.
NAMED = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~", "asciicircum": "^"}


def printed(tex: str) -> str:
    """What stands on paper of a field of BibTeX."""
    tex = re.sub(r"^\{(.*)\}$", r"\1", tex)
    return re.sub(r"\\(?:text(\w+)\{\}|([#$%&_]))", lambda found: found[2] or NAMED[found[1]], tex)


def test_the_bibliography_has_every_document_in_both_forms_and_dates_as_precise_as_the_data(site, tables):
    entries = parse_file(str(site / "downloads" / "documents.bib"), "bibtex").entries
    items = {one["id"]: one for one in json.loads((site / "downloads" / "documents.json").read_text("utf-8"))}
    assert set(entries) == set(items) == {*tables.documents["document_id"]}
    for row in tables.documents.itertuples():
        fields, item = entries[row.document_id].fields, items[row.document_id]
        assert printed(fields["title"]) == item["title"] == row.title
        assert printed(fields.get("number", "")) == item.get("number", "") == row.symbol
        (parts,) = item["issued"]["date-parts"]
        assert "-".join(f"{part:02}" for part in parts) == str(row.date or row.listed_year)
        assert [fields[name] for name in ("year", "month", "day") if name in fields] == [*map(str, parts)]
        assert ("unverified" in item["note"]) == ("unverified" in fields["note"]) == (not row.sure)
    item, entry = items["a-hrc-25-48"], entries["a-hrc-25-48"]
    assert item["author"] == [{"family": "Maalla M'jid", "given": "Najat"}]
    assert str(entry.persons["author"][0]) == "Maalla M'jid, Najat"
    assert item["URL"] == entry.fields["url"] == "https://docs.un.org/en/A/HRC/25/48"


TITLES = (TESTS / "data" / "hostile-titles.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("text", [*TITLES, HOSTILE, "lines\n\n@book{x,\n% and\ttabs \x07 \x85 bells"])
def test_every_entry_parses_whatever_its_texts_hold(text):
    people = [{"literal": text}, {"family": text, "given": "A, and B"}, {"family": "de Boer", "given": text}]
    item = {"id": "a/b", "type": "report", "author": people, "URL": address(f"A/{text}")}
    item |= dict.fromkeys(("title", "number", "note", "publisher"), text)
    made = bibliography.bibtex([item, {"id": "next", "type": "report", "title": "Next"}])
    entries = parse_string(made, "bibtex").entries
    shown = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())
    assert list(entries) == ["a-b", "next"] and len(entries["a-b"].persons["author"]) == 3
    fields = [entries["a-b"].fields[name] for name in ("title", "number", "note", "institution")]
    assert {*map(printed, fields)} == {shown}
    # Biber takes no backslash before a brace for an escape, and a line that begins with @ for a new entry.
    depths = [made[:end].count("{") - made[:end].count("}") for end in range(len(made) + 1)]
    assert min(depths) == depths[-1] == 0 and len(re.findall(r"^\s*@", made, re.MULTILINE)) == 2
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", made)


def test_how_to_cite_says_what_the_citation_file_says(soups):
    strict = yaml.load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"), yaml.BaseLoader)
    text = words(soups["cite.html"].article)
    for part in (strict["title"], strict["version"], strict["references"][0]["title"], "CC BY 4.0"):
        assert " ".join(part.split()) in text
    (entry,) = parse_string(soups["cite.html"].find("pre").get_text(), "bibtex").entries.values()
    assert printed(entry.fields["title"]) == strict["title"] and entry.fields["version"] == strict["version"]


@pytest.mark.parametrize("folder", [TESTS / "vendored", rendering.STATIC])
def test_what_others_wrote_is_as_it_came(folder):
    text = (folder / "README.md").read_text(encoding="utf-8")
    files = [path for path in folder.rglob("*") if path.name.endswith((".min.js", ".json"))]
    assert files and all(hashlib.sha256(path.read_bytes()).hexdigest() in text for path in files)


# --- building ---


def written(out: Path, text: str = "# Title", count: int | None = 1) -> dict[str, str]:
    """A run's folder with a site, and one notebook, in which only metadata tell what is a figure and its links."""
    cell = new_code_cell("1", execution_count=count, id="drawn")
    figure = {"image/png": {"alt": "A dot."}, "compendium": {"figure": "01-dot"}}
    links = {"text/markdown": "[These](../figures/01-dot.csv) are its numbers."}
    cell.outputs = [
        new_output("display_data", {"image/png": DOT, "text/plain": "Anything"}, metadata=figure),
        new_output("display_data", links, metadata={"compendium": {"links": "01-dot"}}),
        new_output("display_data", {"text/markdown": "Figure 01-none: a sentence."}),
    ]
    notebook = hygiene.clean(new_notebook(cells=[new_markdown_cell(text, id="said"), cell]))
    drawing = b'<svg width="5pt" height="5pt" viewBox="0 0 5 5" xmlns="http://www.w3.org/2000/svg"/>'
    files = {f"figures/01-dot{kind}": drawing for kind in (".csv", ".svg", "-phone.svg", ".png", ".pdf")}
    files |= {"notebooks/01-one.ipynb": hygiene.to_bytes(notebook), MARK: b"", "site/index.html": b"old"}
    for name, content in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    return prints(out)


@pytest.mark.long
def test_a_site_has_the_same_bytes_each_time(site, tmp_path):
    assert prints(build(linked_project(tmp_path / "project"))) == prints(site)


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), KeyboardInterrupt()])
def test_a_site_that_fails_or_is_stopped_at_any_moment_is_whole(
    package, tmp_path, monkeypatch, at, done, error
):
    before = written(tmp_path / "out")
    monkeypatch.setattr(downloads, "write", lambda material, made: (made / "index.html").write_text("new"))
    monkeypatch.setattr(pages, "pages", lambda *_: {})
    monkeypatch.setattr(rendering, "render", lambda *_: None)
    move, calls = Path.rename, []

    def rename(one, other):
        calls.append(other)
        if len(calls) != at or done:
            move(one, other)
        if len(calls) == at:
            raise error

    def fail(*_):
        raise error

    monkeypatch.setattr(*((rendering, "render", fail) if at == 0 else (Path, "rename", rename)))
    with pytest.raises(type(error)):
        build(PROJECT, package, tmp_path / "out")
    new = {"site/index.html": hashlib.sha256(b"new").hexdigest()}
    left = {name: value for name, value in prints(tmp_path / "out").items() if name != ".lock"}
    assert left == before | (new if at == 2 and done else {})


def test_a_site_keeps_away_from_a_run(package, tmp_path):
    before = written(tmp_path / "out")
    with alone(tmp_path / "out"), pytest.raises(RefusedError, match="Another run is writing to"):
        build(PROJECT, package, tmp_path / "out")
    assert before.items() <= prints(tmp_path / "out").items()


def test_another_package_even_of_one_table_has_its_figures_and_no_text_on_the_project_s_data(tmp_path):
    data = mandate_m(tmp_path / "data")
    package = description.read(data)
    package["resources"] = [one for one in package["resources"] if one["name"] == "sources"]
    for key in ("version", "licenses", "description", "mandate", "keywords"):
        package.pop(key, None)
    (data / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    written(tmp_path / "out", "# Title\n\n[guide](../data/coding/GUIDE.md) [extend](../data/README.md)")
    site = build(PROJECT, data, tmp_path / "out")
    soups = {path.stem: soup(path) for path in site.glob("*.html")}
    assert {"how-made", "extend", "contributing", "codebook", "sources"} <= set(soups)
    assert not {"cite", "changes", "coding-guide", "terms"} & set(soups)
    assert not soups["how-made"].find(id="what-is-not-covered") and soups["how-made"].find(id="two-commands")
    for name, page in soups.items():
        links = {tag["href"].partition("#")[0] for tag in page.select("article a[href]")} - {""}
        assert all(re.match("[a-z]+:", link) or (site / link).is_file() for link in links), name
    page = soups["01-one"]
    assert page.find("a", href="extend.html") and "guide" in words(page.article)
    # What is a figure is told in the metadata of an output, and by no sentence.
    assert page.find(id="figure-01-dot").svg["aria-label"] == "A dot." and "its numbers" not in words(
        page.article
    )
    assert "Figure 01-none: a sentence." in words(page.article)
    assert soups["downloads"].find("a", href="01-one.html#cell-drawn")


def test_what_no_site_can_be_made_of_is_told_and_what_sphinx_complains_of_by_page_and_cell(package, tmp_path):
    out = tmp_path / "out"
    with pytest.raises(SiteError, match="no executed notebooks"):
        build(tmp_path)
    with pytest.raises(SiteError, match=r"No run has written to .*out"):
        build(PROJECT, package, out)
    assert not out.exists()
    written(out, "# Title\n\n### A heading too deep\n\n{nonsense}`x`")
    with pytest.raises(SiteError, match=r"\npage 01-one, cell 1: WARNING: (.|\n)*nonsense") as told:
        build(PROJECT, package, out)
    assert "\x1b" not in str(told.value) and "/source" not in str(told.value)
    written(out, count=None)
    with pytest.raises(SiteError, match=r"01-one\.ipynb has not been executed"):
        build(PROJECT, package, out)
    (out / "notebooks" / "01-one.ipynb").write_text("{}")
    with pytest.raises(SiteError, match="not a notebook"):
        build(PROJECT, package, out)
    project = linked_project(tmp_path / "project")
    (project / "CHANGELOG.md").unlink()
    (project / "CHANGELOG.md").write_bytes("# Changes\n\nHaïti\n".encode("cp1252"))
    with pytest.raises(SiteError, match=r"CHANGELOG\.md:3 is not UTF-8 text\. Please save"):
        build(project)


@pytest.mark.long
def test_markup_in_the_data_stands_as_text_on_every_page_and_in_the_bibliography(hostile_site):
    whole = " ".join(HOSTILE.split())
    for path in hostile_site.glob("*.html"):
        page = soup(path)
        assert words(page.find(class_="sidebar-brand-text")) == words(page.find(class_="brand")) == whole
        assert page.title.get_text().endswith(whole)
        assert not page.find_all(attrs={"onerror": True}) and not page.find("img", src="x")
        assert not page.find_all("a", href=re.compile("^javascript:"))
        scripts = [one for one in page.find_all("script") if one.get("type") != "application/ld+json"]
        assert not [one for one in scripts if "broken" in one.get_text()]
        if path.stem in ("03-thematic-output", "sources"):
            assert any(words(cell) == whole for cell in page.select("td")), path.stem
    items = json.loads((hostile_site / "downloads" / "documents.json").read_text("utf-8"))
    entries = parse_file(str(hostile_site / "downloads" / "documents.bib"), "bibtex").entries
    assert [one["title"] for one in items if one["id"] == "a-hrc-1-1"] == [HOSTILE]
    assert printed(entries["a-hrc-1-1"].fields["title"]) == whole


# --- links ---

SYMBOLS = {
    "see A/50/456, and E/CN.4/2005/78/Add.1.": ["A/50/456", "E/CN.4/2005/78/Add.1"],
    "(A/HRC/43/40); CRC/C/GC/12; A/HRC/19/L.31": ["A/HRC/43/40", "CRC/C/GC/12", "A/HRC/19/L.31"],
    "E/CN.4/Sub.2/1993/30 E/CN.4/RES/1990/68": ["E/CN.4/Sub.2/1993/30", "E/CN.4/RES/1990/68"],
    "CRC/C/15/Add.201 CRC/C/ROM/CO/4": ["CRC/C/15/Add.201", "CRC/C/ROM/CO/4"],
    "HIV/AIDS, GA/SHC/4201, A/HRC, and/or, E/CN.4/RES.1990/68.E": [],
    "https://example.org/A/HRC/25/48 and UN/A/50/456 <b>": [],
}


@pytest.mark.parametrize("text", SYMBOLS)
def test_symbols_are_linked_and_what_looks_like_one_is_not(text, tables):
    linked = soup(Links(tables).linked(text))
    assert linked.get_text() == text
    assert {one.get_text(): one["href"] for one in linked("a")} == {
        one: address(one) for one in SYMBOLS[text]
    }
    assert address('A/1/"><script>') == "https://docs.un.org/en/A/1/%22%3E%3Cscript%3E"
    named = {name for one in description.schema()["resources"] for name in description.fields(one)}
    assert {name for name in named if name.endswith("symbol")} - {"printed_symbol"} == set(SYMBOL_COLUMNS)


def test_sources_are_linked_by_their_titles_if_a_cell_has_nothing_else(tables):
    links, rows = Links(tables), tables.sources
    keys = "; ".join(rows["source_id"])
    linked = soup(links.linked(keys, sources=True))
    assert linked.get_text() == "; ".join(rows["title"])
    assert [one["href"] for one in linked("a")] == [url for url in rows["url"] if url]
    assert links.linked("a-50-456; other & more", sources=True) == "a-50-456; other &amp; more"
    assert links.linked(keys) == keys and links.linked("", sources=True) == ""
    assert web("https://example.org") and not web("javascript:alert(1)") and not web("")


BREAKS = {
    "special_rapporteur;others": "special_|rapporteur;|others",
    "(https://example.org/a?b=c)": "(https://|example.|org/|a?|b=|c)",
    "de Boer-Buquicchio's": "de Boer-|Buquicchio's",
    "a" * 45: "|".join(["a" * 20, "a" * 20, "a" * 5]),
    '<a class="symbol" href="x">A/HRC/22/54/Add.21</a>': "A/HRC/22/54/Add.21",
    '<a href="x.html">A/50/456 and a-50-456</a>': '<a href="x.html">A/50/456 and a-50-456</a>',
}


@pytest.mark.parametrize("text", BREAKS)
def test_keys_in_a_table_may_go_on_after_their_marks_and_what_is_linked_stays_so(text):
    table = f"<table><thead><tr><th>Sources</th></tr></thead><tbody><tr><td>{text}</td></tr></tbody></table>"
    cell = soup(polish(table)).td
    for link in cell.select("a.symbol"):
        link.unwrap()
    assert cell.decode_contents().replace("<wbr/>", "|") == BREAKS[text]
