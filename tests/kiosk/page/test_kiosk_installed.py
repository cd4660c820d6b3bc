"""The kiosk's page on the device's disk: there without a network, and never a mixture."""

import gzip
import json
from pathlib import Path
from shutil import copytree
from typing import Any, cast

import pytest
from playwright.sync_api import Page, expect

from kiosk.installing import files
from tests.kiosk.fair import Fair, ready, until
from tests.support.pages import Visitor

MOST_BYTES = 700_000
CACHES = "caches.keys().then((names) => names.filter((name) => name.startsWith('keepsake-kiosk-')))"

OURS = ("/kiosk/static/", "/kiosk/vendor/")
WAITS = "navigator.serviceWorker.getRegistration('/kiosk').then(({ waiting }) => Boolean(waiting))"


def loaded(page: Page) -> list[str]:
    """What the page has got, by its path."""
    names: list[str] = page.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)"
    )
    return names


def new_version(folder: Path) -> Path:
    """The kiosk as it is, with a page that says that it is another one."""
    copytree(files.STATIC, folder)
    script = folder / "page.js"
    script.write_text(
        script.read_text("utf-8") + "\ndocument.body.dataset.newer = 'true';\n", "utf-8"
    )
    return folder


def test_the_page_is_there_when_the_server_is_not(fair: Fair) -> None:
    page = fair.desk("Door")
    fair.stop_server()
    for address in ("/kiosk/", "/kiosk"):
        page.goto(fair.address + address)
        page.wait_for_selector('body[data-reader="ready"]', timeout=15_000)
        expect(page.locator("#station")).to_have_text("Pop-up")
        expect(page.locator("#kept")).to_contain_text("may hand out 3 more", timeout=15_000)
    kept = set(files.kiosk()["files"])
    assert {path for path in loaded(page) if path.startswith(OURS)} <= kept


def test_a_new_version_takes_over_at_the_next_load_with_all_of_its_files(
    fair: Fair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = fair.desk("Door")
    (old,) = page.evaluate(CACHES)
    newer = new_version(tmp_path / "newer")
    monkeypatch.setattr(files, "STATIC", newer)
    page.reload()
    ready(page)
    expect(page.locator("body")).not_to_have_attribute("data-newer", "true")
    until(page, lambda: page.evaluate(WAITS))
    page.reload()
    page.wait_for_selector('body[data-newer="true"]')
    ready(page)
    assert page.evaluate(CACHES) == [f"keepsake-kiosk-{files.kiosk()['version']}"] != [old]


def test_a_half_replaced_server_is_not_kept(fair: Fair, monkeypatch: pytest.MonkeyPatch) -> None:
    told = files.kiosk()
    mixed = told["files"] | {"/kiosk/static/page.js": "0" * 64}
    monkeypatch.setattr(files, "kiosk", lambda: {"version": "mixed", "files": mixed})
    visitor = Visitor(fair.world.installation)
    assert '"version":"mixed"' in visitor.get("/kiosk/worker.js").text
    page = fair.visit()
    page.goto(f"{fair.address}/kiosk/")
    failed = page.evaluate(
        """async () => {
            const where = {scope: "/kiosk"};
            const kept = await navigator.serviceWorker.register("/kiosk/worker.js", where);
            const worker = kept.installing;
            await new Promise((resolve) => { worker.onstatechange = resolve; });
            return worker.state;
        }"""
    )
    assert failed == "redundant"
    assert page.evaluate(CACHES) == []


def test_a_browser_that_is_paired_no_more_does_not_show_the_kept_page(fair: Fair) -> None:
    page = fair.desk("Door")
    page.context.clear_cookies()
    page.goto(f"{fair.address}/kiosk/")
    expect(page.locator("h1:visible")).to_have_text("This browser is not paired yet")
    assert page.evaluate("caches.match('/kiosk/').then((kept) => kept ?? null)") is None


def test_the_first_load_is_light(fair: Fair) -> None:
    page = fair.desk("Door")
    got: set[str] = set()
    fresh = fair.visit(service_workers="block")
    fresh.context.add_cookies(cast(Any, page.context.cookies()))
    page = fresh
    page.on("response", lambda answer: got.add(answer.url))
    page.goto(f"{fair.address}/kiosk/")
    page.wait_for_selector('body[data-reader="ready"]', timeout=15_000)
    # What a worker asks for is told a little later than the page is ready.
    for _ in range(100):
        if all(any(url.endswith(end) for url in got) for end in (".wasm", "ed25519/index.js")):
            break
        page.wait_for_timeout(100)
    else:
        pytest.fail(f"the reader and the check of signatures are not among {sorted(got)}")
    code = [url for url in got if url.endswith((".js", ".wasm"))]
    bodies = [page.request.get(url).body() for url in code]
    assert sum(len(gzip.compress(body)) for body in bodies) < MOST_BYTES


def test_what_installs_it_is_served(fair: Fair) -> None:
    visitor = Visitor(fair.world.installation)
    worker = visitor.get("/kiosk/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/kiosk"
    told = json.loads(worker.text.splitlines()[0].removeprefix("self.KIOSK = ").rstrip(";"))
    assert told == files.kiosk()
    for path in told["files"]:
        assert visitor.get(path).status_code == 200
    manifest = visitor.get("/kiosk/manifest.webmanifest")
    for icon in json.loads(manifest.text)["icons"]:
        assert icon["src"] in told["files"]
    assert visitor.get("/kiosk/").headers[files.HEADER] == files.NONE
