"""The site in a browser: it works as files and from a host, for everybody, with and without JavaScript."""

import http.server
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from conftest import HOSTILE, TESTS

pytestmark = pytest.mark.xdist_group("site")

AXE = TESTS / "vendored" / "axe-core" / "axe.min.js"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
LIGHT, DARK = {"color_scheme": "light", "viewport": WIDE}, {"color_scheme": "dark", "viewport": NARROW}
KINDS = ("index", "03-thematic-output", "codebook", "search")  # front page, notebook, reference, search
DOCUMENTS = "All documents of the mandate"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of the system; without one these tests are skipped."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        pytest.skip("no Chromium on this machine (Debian and Ubuntu: apt-get install chromium)")
    sandbox = [] if os.name == "nt" or os.geteuid() else ["--no-sandbox"]  # root has none
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=sandbox)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def host(site: Path) -> Iterator[str]:
    """Address of a static host with the site."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(params=["file", pytest.param("host", marks=pytest.mark.long)])
def address(request: pytest.FixtureRequest, site: Path) -> str:
    """The site as files and from a host."""
    return site.as_uri() if request.param == "file" else request.getfixturevalue("host")


@contextmanager
def opened(browser: Browser, address: str, **look: object) -> Iterator[Page]:
    """A page of the browser on which nothing may go wrong, and which may ask for nothing from elsewhere."""
    context = browser.new_context(**({"viewport": WIDE} | look))
    page, wrong = context.new_page(), []

    def failed(request):
        if request.failure != "net::ERR_ABORTED":  # the test went on before the page had all it asked for
            wrong.append(f"not loaded: {request.url}")

    def asked(request):
        if not request.url.startswith((address, "data:")):
            wrong.append(f"asks {request.url}")

    page.on("console", lambda told: told.type in ("error", "warning") and wrong.append(told.text))
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("request", asked)
    page.on("requestfailed", failed)
    page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    yield page
    context.close()
    assert wrong == []


def names(site: Path) -> list[str]:
    return [path.stem for path in sorted(site.glob("*.html"))]


# --- every page, for everybody ---

# Styles are read by axe from the page itself; fetching them again is what browsers forbid to files.
BARRIERS = """async () => (await axe.run(document, {preload: false, resultTypes: ['violations']})).violations.flatMap(
    one => one.nodes.map(node => `${one.id} ${node.target} ${node.failureSummary}`))"""
FAULTS = {
    "a picture is missing or has no alternative": """async () => {
        const images = [...document.images];
        images.forEach(image => { image.loading = 'eager'; });
        await Promise.all(images.map(image => image.decode().catch(() => {})));
        return images.filter(image => !image.naturalWidth || !image.alt.trim()).map(image => image.src);
    }""",
    "the page scrolls sideways": """() => document.documentElement.scrollWidth > innerWidth
        ? [document.documentElement.scrollWidth] : []""",
    "what scrolls is not reached with the keyboard": """() => [...document.querySelectorAll('article *')].filter(part =>
        part.scrollWidth > part.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(part).overflowX)
        && part.tabIndex < 0).map(part => part.outerHTML.slice(0, 80))""",
    "a word in a table is cut": """() => {
        const found = [], range = document.createRange();
        for (const cell of document.querySelectorAll('article table :is(th, td)')) {
            const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) for (const word of walker.currentNode.data.matchAll(/\\p{L}{3,}/gu)) {
                range.setStart(walker.currentNode, word.index);
                range.setEnd(walker.currentNode, word.index + word[0].length);
                const lines = new Set([...range.getClientRects()].map(one => Math.round(one.top)));
                if (lines.size > 1) found.push(word[0]);
            }
        }
        return found;
    }""",
}


@pytest.mark.parametrize(
    ("look", "kinds"),
    [
        pytest.param(DARK, KINDS, id="four kinds of page, dark and narrow"),
        pytest.param(LIGHT, None, id="all, light and wide", marks=pytest.mark.long),
        pytest.param(DARK, None, id="all, dark and narrow", marks=pytest.mark.long),
    ],
)
def test_a_page_has_no_barrier_for_anybody(browser, site, look, kinds):
    found = []
    with opened(browser, site.as_uri(), **look) as page:
        for name in kinds or names(site):
            page.goto(f"{site.as_uri()}/{name}.html" + ("?q=visit" if name == "search" else ""))
            found += [
                f"{name}: {fault}: {one}" for fault, script in FAULTS.items() for one in page.evaluate(script)
            ]
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found += [f"{name}: {one}" for one in page.evaluate(BARRIERS)]
    assert found == []


def test_all_is_there_without_javascript(browser, site):
    rows = "[...document.querySelectorAll('article table')].map(table => table.tBodies[0].rows.length)"
    text = "document.querySelector('article').innerText.length"
    with (
        opened(browser, site.as_uri()) as page,
        opened(browser, "", java_script_enabled=False, **DARK) as bare,
    ):
        for name in names(site):
            page.goto(f"{site.as_uri()}/{name}.html")
            bare.goto(f"{site.as_uri()}/{name}.html")
            assert bare.evaluate(rows) == page.evaluate(rows), name
            assert bare.evaluate(text) > 0.9 * page.evaluate(text), name
        assert bare.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"


def test_print_leaves_out_what_can_only_be_pressed(browser, site):
    with opened(browser, site.as_uri()) as page:
        page.goto(f"{site.as_uri()}/03-thematic-output.html")
        page.emulate_media(media="print")
        for part in (".controls", "details.hide", ".sidebar-drawer", ".related-pages"):
            expect(page.locator(part).first).to_be_hidden()
        expect(page.locator("figure img").first).to_be_visible()
        frames = "[...document.querySelectorAll('.scrolls')].map(one => getComputedStyle(one).overflowX)"
        assert {*page.evaluate(frames)} == {"visible"}
        page.set_viewport_size({"width": 718, "height": 1040})  # A4 with usual margins
        assert page.evaluate("document.documentElement.scrollWidth") <= 718


# --- finding one's way ---


def test_next_leads_through_all_pages_which_the_side_bar_lists(browser, site, address):
    with opened(browser, address, viewport={"width": 1600, "height": 900}) as page:
        page.goto(f"{address}/index.html")
        listed = page.locator(".sidebar-tree a").evaluate_all(
            "all => all.map(one => one.getAttribute('href'))"
        )
        seen = []
        while page.locator("a.next-page").count() and len(seen) < 100:
            with page.expect_navigation():
                page.locator("a.next-page").click()
            seen.append(page.url.rpartition("/")[2].partition("#")[0])
        every = sorted(f"{name}.html" for name in names(site))
        assert (
            sorted([*seen, "index.html", "search.html"])
            == every
            == sorted([*listed, "index.html", "search.html"])
        )
        page.locator("a.prev-page").click()
        expect(page).to_have_url(re.compile(re.escape(seen[-2])))
        page.locator(".sidebar-tree a", has_text="Codebook").click()
        page.locator(".toc-tree a", has_text="Country visits").click()
        expect(page.locator("#country-visits h2")).to_be_in_viewport()


def test_search_finds_what_tables_and_texts_hold(browser, address):
    with opened(browser, address) as page:
        page.goto(f"{address}/index.html")
        page.locator(".sidebar-search").fill("surrogacy")
        page.locator(".sidebar-search").press("Enter")
        result = page.locator("#search-results ul.search a", has_text="What the mandate issued").first
        result.click()
        expect(page.locator("article")).to_contain_text("urrogacy")


def test_a_figure_leads_to_the_cell_that_makes_it(browser, site):
    with opened(browser, site.as_uri()) as page:
        page.goto(f"{site.as_uri()}/index.html")
        page.locator("figcaption a", has_text="how it is made").click()
        cell = page.locator(f"id={page.url.partition('#')[2]}")
        expect(cell.locator("figure")).to_be_visible()
        expect(cell.locator("div.highlight")).to_be_hidden()
        cell.locator("summary").press("Enter")
        expect(cell.locator("div.highlight")).to_be_visible()


def test_the_keyboard_opens_the_side_bar_of_a_narrow_screen_and_the_reader_chooses_light_or_dark(
    browser, site
):
    ink = "getComputedStyle(document.body).backgroundColor"
    with opened(browser, site.as_uri(), color_scheme="light", viewport=NARROW) as page:
        page.goto(f"{site.as_uri()}/codebook.html")
        expect(page.locator(".sidebar-search")).not_to_be_visible()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to content"
        for press in ("Tab", "Space"):
            page.keyboard.press(press)
        expect(page.locator(".sidebar-search")).to_be_in_viewport()
        page.keyboard.press("Space")
        expect(page.locator(".sidebar-search")).not_to_be_visible()
        before = page.evaluate(ink)
        page.locator(".theme-toggle-header .theme-toggle").click()
        assert page.evaluate(ink) != before
        page.goto(f"{site.as_uri()}/index.html")
        assert page.evaluate(ink) != before


# --- tables and downloads ---


def test_a_long_table_is_filtered_and_sorted_with_mouse_and_keyboard_and_says_so(browser, address):
    with opened(browser, address) as page:
        page.goto(f"{address}/03-thematic-output.html")
        documents = page.locator("table", has=page.locator("caption", has_text=DOCUMENTS))
        rows, box = documents.locator("tbody tr"), page.get_by_label(f"Filter the rows: {DOCUMENTS}")
        every = rows.count()
        box.fill("surrogacy")
        expect(rows).not_to_have_count(every)
        kept = rows.all_inner_texts()
        assert kept and all("surrogacy" in text.casefold() for text in kept) and every > 100
        told = page.locator(".controls", has=box).locator("[role=status]")
        expect(told).to_have_text(f"{len(kept)} rows of {every}")
        box.fill("docs.un.org")  # an address, which no reader sees
        expect(rows).to_have_text(["No row has this."])
        box.fill("")
        expect(documents.locator("tbody th[scope=row]")).to_have_count(every)
        heading = documents.locator("thead th", has_text="Year of the session")
        place = heading.evaluate("heading => heading.cellIndex") + 1
        years = documents.locator(f"tbody tr > :nth-child({place})")
        in_order = years.all_inner_texts()
        heading.locator("[role=button]").focus()
        page.keyboard.press("Enter")
        expect(heading).to_have_attribute("aria-sort", "ascending")
        assert years.all_inner_texts() == sorted(in_order) != in_order
        heading.click()
        expect(heading).to_have_attribute("aria-sort", "descending")
        assert years.all_inner_texts() == sorted(in_order, reverse=True)


def test_downloads_are_what_they_say(browser, site, host, tmp_path):
    with opened(browser, host, accept_downloads=True) as page:
        page.goto(f"{host}/downloads.html")
        targets = page.locator("article a[download]").evaluate_all(
            "all => all.map(one => one.getAttribute('href'))"
        )
        assert len(targets) > 50
        for target in targets:
            answer = page.request.get(f"{host}/{target}")
            assert answer.ok and answer.body() == (site / target).read_bytes(), target
        with page.expect_download() as begun:
            page.locator("a", has_text=".zip").click()
        begun.value.save_as(tmp_path / "package.zip")
        assert (tmp_path / "package.zip").read_bytes() == next(
            (site / "downloads").glob("*.zip")
        ).read_bytes()


@pytest.mark.long
def test_markup_in_the_data_does_nothing_and_is_read_as_it_stands(browser, hostile_site):
    shown, seen = " ".join(HOSTILE.split()), 0
    with opened(browser, hostile_site.as_uri()) as page:
        for name in [*names(hostile_site), "search.html?q=quoted"]:
            page.goto(f"{hostile_site.as_uri()}/{name}" + ("" if "?" in name else ".html"))
            assert page.evaluate("window.broken") is None, name
            texts = page.locator("article table :is(td, th)").all_inner_texts()
            seen += sum(" ".join(text.split()) == shown for text in texts)
        expect(page.locator("#search-results ul.search a").first).to_be_visible()
        assert seen >= 2 and page.evaluate("window.broken") is None
