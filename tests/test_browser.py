"""The site in a browser: it works as files and from a host, for everybody, with and without JavaScript."""

import http.server
import os
import re
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from conftest import HOSTILE, TESTS

pytestmark = pytest.mark.xdist_group("site")

AXE = TESTS / "vendored" / "axe-core" / "axe.min.js"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of the system; without one these tests are skipped."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
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


@pytest.fixture(params=["file", "host"])
def address(request: pytest.FixtureRequest, site: Path, host: str) -> str:
    """The site as files and from a host."""
    return site.as_uri() if request.param == "file" else host


class Watched:
    """A page of the browser, with what went wrong on it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.wrong: list[str] = []
        page.on(
            "console",
            lambda told: self._add(f"console: {told.text}") if told.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: self._add(f"script: {error}"))
        page.on("request", lambda request: self._request(request, address))
        page.on("requestfailed", self._failed)
        page.on("dialog", lambda dialog: (self._add(f"dialog: {dialog.message}"), dialog.dismiss()))

    def _add(self, what: str) -> None:
        self.wrong.append(f"{self.page.url.rpartition('/')[2]}: {what}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the test went on before the page had all it asked for
            self._add(f"not loaded: {request.url}")

    def _request(self, request: Request, address: str) -> None:
        if not request.url.startswith((address, "data:")):
            self._add(f"asks {request.url}")


@contextmanager
def watched(browser: Browser, address: str, **look: object) -> Iterator[Watched]:
    """A page that must do without complaints and without other hosts."""
    context = browser.new_context(**({"viewport": WIDE} | look))
    one = Watched(context.new_page(), address)
    yield one
    context.close()
    assert one.wrong == []


def pages(site: Path) -> list[str]:
    names = [path.name for path in sorted(site.glob("*.html"))]
    return [f"{name}?q=visit" if name == "search.html" else name for name in names]


# --- every page ---


def test_every_page_loads_with_all_its_pictures_and_asks_no_other_host(browser, site, address):
    with watched(browser, address) as one:
        for name in pages(site):
            one.page.goto(f"{address}/{name}", wait_until="load")
            one.page.evaluate(
                "document.querySelectorAll('img').forEach(image => { image.loading = 'eager'; })"
            )
            broken = """async () => {
                const images = [...document.images];
                await Promise.all(images.map(image => image.decode().catch(() => {})));
                return images.filter(image => !image.naturalWidth).map(image => image.src);
            }"""
            assert one.page.evaluate(broken) == []
            assert one.page.evaluate("[...document.images].every(image => image.alt.trim())")


@pytest.mark.parametrize(
    "look",
    [{"color_scheme": "light"}, {"color_scheme": "dark", "viewport": NARROW}],
    ids=["light and wide", "dark and narrow"],
)
def test_axe_finds_no_barrier_on_any_page(browser, site, look):
    axe = AXE.read_text(encoding="utf-8")
    # Styles are read by axe from the page itself; fetching them again is what browsers forbid to files.
    run = """async () => (await axe.run(document, {preload: false, resultTypes: ['violations']})).violations.flatMap(
        one => one.nodes.map(node => `${one.id} ${node.target} ${node.failureSummary}`))"""
    found = []
    with watched(browser, site.as_uri(), **look) as one:
        for name in pages(site):
            one.page.goto(f"{site.as_uri()}/{name}")
            one.page.evaluate(axe)
            found += [f"{name}: {violation}" for violation in one.page.evaluate(run)]
    assert found == []


def test_no_page_scrolls_sideways_on_a_narrow_screen(browser, site):
    with watched(browser, site.as_uri(), viewport=NARROW) as one:
        widths = {}
        for name in pages(site):
            one.page.goto(f"{site.as_uri()}/{name}")
            widths[name] = one.page.evaluate("document.documentElement.scrollWidth")
    assert {name: width for name, width in widths.items() if width > NARROW["width"]} == {}


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])
def test_no_word_in_a_table_is_cut(browser, site, viewport):
    cut = """() => {
        const found = [], range = document.createRange();
        for (const cell of document.querySelectorAll('article table :is(th, td)')) {
            const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const node = walker.currentNode;
                for (const word of node.data.matchAll(/\\p{L}{3,}/gu)) {
                    range.setStart(node, word.index);
                    range.setEnd(node, word.index + word[0].length);
                    const lines = new Set([...range.getClientRects()].map(one => Math.round(one.top)));
                    if (lines.size > 1) found.push(word[0]);
                }
            }
        }
        return found;
    }"""
    with watched(browser, site.as_uri(), viewport=viewport) as one:
        for name in pages(site):
            one.page.goto(f"{site.as_uri()}/{name}")
            assert one.page.evaluate(cut) == [], name


def test_what_scrolls_can_be_reached_with_the_keyboard(browser, site):
    unreachable = """[...document.querySelectorAll('article *')].filter(part =>
        part.scrollWidth > part.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(part).overflowX)
        && part.tabIndex < 0).map(part => part.outerHTML.slice(0, 80))"""
    with watched(browser, site.as_uri(), viewport=NARROW) as one:
        for name in pages(site):
            one.page.goto(f"{site.as_uri()}/{name}")
            assert one.page.evaluate(unreachable) == [], name


# --- finding one's way ---


def test_next_leads_through_all_pages_and_previous_back(browser, site, address):
    with watched(browser, address) as one:
        page = one.page
        page.goto(f"{address}/index.html")
        seen = []
        while page.locator("a.next-page").count():
            with page.expect_navigation():
                page.locator("a.next-page").click()
            seen.append(page.url.rpartition("/")[2].partition("#")[0])
            assert len(seen) < 100
        assert sorted([*seen, "index.html", "search.html"]) == sorted(
            path.name for path in site.glob("*.html")
        )
        page.locator("a.prev-page").click()
        expect(page).to_have_url(re.compile(re.escape(seen[-2])))


def test_the_side_bar_lists_every_page_and_the_table_of_contents_leads_to_sections(browser, site, address):
    with watched(browser, address, viewport={"width": 1600, "height": 900}) as one:
        page = one.page
        page.goto(f"{address}/index.html")
        listed = page.locator(".sidebar-tree a").evaluate_all(
            "all => all.map(one => one.getAttribute('href'))"
        )
        assert {*listed, "index.html", "search.html"} == {path.name for path in site.glob("*.html")}
        page.locator(".sidebar-tree a", has_text="Codebook").click()
        page.locator(".toc-tree a", has_text="Country visits").click()
        expect(page.locator("#country-visits h2")).to_be_in_viewport()


def test_search_finds_what_tables_and_texts_hold(browser, address):
    with watched(browser, address) as one:
        page = one.page
        page.goto(f"{address}/index.html")
        page.locator(".sidebar-search").fill("surrogacy")
        page.locator(".sidebar-search").press("Enter")
        results = page.locator("#search-results ul.search a")
        expect(results.filter(has_text="Reports and themes")).not_to_have_count(0)
        results.filter(has_text="Reports and themes").first.click()
        expect(page.locator("article")).to_contain_text("urrogacy")


def test_a_figure_leads_to_the_cell_that_makes_it(browser, site):
    with watched(browser, site.as_uri()) as one:
        page = one.page
        page.goto(f"{site.as_uri()}/index.html")
        page.locator("figcaption a", has_text="how it is made").click()
        cell = page.locator(f"id={page.url.partition('#')[2]}")
        expect(cell.locator("figure")).to_be_visible()
        code = cell.locator("div.highlight")
        expect(code).to_be_hidden()
        cell.locator("summary").press("Enter")
        expect(code).to_be_visible()


def test_the_keyboard_opens_the_side_bar_of_a_narrow_screen(browser, site):
    with watched(browser, site.as_uri(), viewport=NARROW) as one:
        page = one.page
        page.goto(f"{site.as_uri()}/codebook.html")
        expect(page.locator(".sidebar-search")).not_to_be_visible()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to content"
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.locator(".sidebar-search")).to_be_in_viewport()
        page.keyboard.press("Space")
        expect(page.locator(".sidebar-search")).not_to_be_visible()


def test_the_reader_chooses_light_or_dark(browser, site):
    ink = "getComputedStyle(document.body).backgroundColor"
    with watched(browser, site.as_uri(), color_scheme="light") as one:
        page = one.page
        page.goto(f"{site.as_uri()}/index.html")
        before = page.evaluate(ink)
        page.locator(".theme-toggle-content .theme-toggle").click()
        assert page.evaluate(ink) != before
        page.goto(f"{site.as_uri()}/codebook.html")
        assert page.evaluate(ink) != before


# --- tables ---

DOCUMENTS = "All documents of the mandate"


def table(page: Page, caption: str):
    return page.locator("table", has=page.locator("caption", has_text=caption))


def test_a_filter_leaves_the_rows_that_have_the_words(browser, site, address):
    with watched(browser, address) as one:
        page = one.page
        page.goto(f"{address}/03-thematic-output.html")
        documents = table(page, DOCUMENTS)
        rows = documents.locator("tbody tr")
        every = rows.count()
        assert every > 100
        box = page.get_by_label(f"Filter the rows: {DOCUMENTS}")
        box.fill("surrogacy")
        expect(rows).not_to_have_count(every)
        kept = rows.all_inner_texts()
        assert kept and all("surrogacy" in text.casefold() for text in kept)
        told = page.locator(".controls", has=box).locator("[role=status]")
        expect(told).to_have_text(f"{len(kept)} rows of {every}")
        box.fill("docs.un.org")  # an address, which no reader sees
        expect(rows).to_have_text(["No row has this."])
        box.fill("")
        expect(rows).to_have_count(every)
        assert documents.locator("tbody th[scope=row]").count() == every


def test_a_table_is_sorted_with_mouse_and_keyboard_and_says_so(browser, address):
    with watched(browser, address) as one:
        page = one.page
        page.goto(f"{address}/03-thematic-output.html")
        documents = table(page, DOCUMENTS)
        heading = documents.locator("thead th", has_text="Year listed")
        place = heading.evaluate("heading => heading.cellIndex")

        def years():
            return [
                int(text)
                for text in documents.locator(f"tbody tr > :nth-child({place + 1})").all_inner_texts()
            ]

        in_order = years()
        heading.locator("[role=button]").focus()
        page.keyboard.press("Enter")
        expect(heading).to_have_attribute("aria-sort", "ascending")
        assert years() == sorted(in_order)
        heading.click()
        expect(heading).to_have_attribute("aria-sort", "descending")
        assert years() == sorted(in_order, reverse=True)


def test_all_is_there_without_javascript(browser, site):
    rows = "[...document.querySelectorAll('article table')].map(table => table.tBodies[0].rows.length)"
    text = "document.querySelector('article').innerText.length"
    with watched(browser, site.as_uri()) as with_script:
        bare = browser.new_context(viewport=WIDE, java_script_enabled=False, color_scheme="dark")
        without = bare.new_page()
        for name in (name for name in pages(site) if not name.startswith("search")):
            with_script.page.goto(f"{site.as_uri()}/{name}")
            without.goto(f"{site.as_uri()}/{name}")
            assert without.evaluate(rows) == with_script.page.evaluate(rows), name
            assert without.evaluate(text) > 0.9 * with_script.page.evaluate(text), name
        assert without.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        bare.close()


def test_print_leaves_out_what_can_only_be_pressed(browser, site):
    with watched(browser, site.as_uri()) as one:
        page = one.page
        page.goto(f"{site.as_uri()}/03-thematic-output.html")
        page.emulate_media(media="print")
        for part in (".controls", "details.hide", ".sidebar-drawer", ".related-pages"):
            expect(page.locator(part).first).to_be_hidden()
        expect(table(page, DOCUMENTS)).to_be_visible()
        expect(page.locator("figure img").first).to_be_visible()
        cut = """[...document.querySelectorAll('.scrolls')].filter(frame =>
            getComputedStyle(frame).overflowX !== 'visible').length"""
        assert page.evaluate(cut) == 0
        page.set_viewport_size({"width": 718, "height": 1040})  # A4 with usual margins
        assert page.evaluate("document.documentElement.scrollWidth") <= 718


# --- downloads ---


def test_downloads_are_what_they_say(browser, site, host, tmp_path):
    with watched(browser, host, accept_downloads=True) as one:
        page = one.page
        page.goto(f"{host}/downloads.html")
        links = page.locator("article a[download]")
        assert links.count() > 50
        for place in range(links.count()):
            target = links.nth(place).get_attribute("href")
            answer = page.request.get(f"{host}/{target}")
            assert answer.ok and answer.body() == (site / target).read_bytes(), target
        with page.expect_download() as begun:
            page.locator("a", has_text=".zip").click()
        begun.value.save_as(tmp_path / "package.zip")
        with zipfile.ZipFile(tmp_path / "package.zip") as made:
            assert made.testzip() is None and "datapackage.json" in made.namelist()


# --- data are text from strangers ---


def test_markup_in_the_data_does_nothing_and_is_read_as_it_stands(browser, hostile_site):
    shown = " ".join(HOSTILE.split())
    with watched(browser, hostile_site.as_uri()) as one:
        seen = 0
        for name in pages(hostile_site):
            one.page.goto(f"{hostile_site.as_uri()}/{name}")
            assert one.page.evaluate("window.broken") is None, name
            texts = one.page.locator("article table :is(td, th)").all_inner_texts()
            seen += sum(" ".join(text.split()) == shown for text in texts)
        assert seen >= 2
        one.page.goto(f"{hostile_site.as_uri()}/search.html?q=quoted")
        expect(one.page.locator("#search-results ul.search a").first).to_be_visible()
        assert one.page.evaluate("window.broken") is None
