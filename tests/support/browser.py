"""A real Chromium for tests, driven by Playwright."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# The first are what Playwright leaves out itself, as of two such lists the last one counts. The
# others are pages that Chromium draws parts of its own window with, and keeps ready: nobody sees
# them, and they loaded more files than the kiosk's page, with each new page a third of its time.
LEFT_OUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "PreloadTopChromeWebUI",
    "SpareRendererForSitePerProcess",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
)
# No sandbox, as there is none for root; the others keep it from calling its makers.
FLAGS = (
    f"--disable-features={','.join(LEFT_OUT)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class BrowserMissing(Exception):
    """There is no Chromium to test with; the text says what to do."""


def launch(playwright: Playwright, extra: Iterable[str] = ()) -> Browser:
    """Starts Chromium without a window; `extra` are further flags, as for a simulated camera."""
    return playwright.chromium.launch(
        executable_path=find_chromium(playwright), args=[*FLAGS, *extra]
    )


@contextmanager
def open_browser(extra: Iterable[str] = ()) -> Iterator[Browser]:
    """A browser that is closed at the end, Playwright with it."""
    with sync_playwright() as playwright:
        browser = launch(playwright, extra)
        try:
            yield browser
        finally:
            browser.close()


def find_chromium(playwright: Playwright) -> str:
    """The Chromium to start: `CHROMIUM`, else one on the PATH, else Playwright's own.

    Raises `BrowserMissing`.
    """
    if given := os.environ.get("CHROMIUM"):
        if _starts(given):
            return given
        raise BrowserMissing(f"CHROMIUM names {given}, which does not start.")
    for found in (*map(shutil.which, NAMES), playwright.chromium.executable_path):
        if found and Path(found).exists() and _starts(found):
            return found
    raise BrowserMissing(
        "No Chromium for the tests: `make test` installs it, or install Debian's chromium, "
        "or run `.venv/bin/playwright install chromium`, or set CHROMIUM to a program."
    )


@cache
def _starts(program: str) -> bool:
    # Some systems ship a stub of this name that only asks for another package.
    try:
        return subprocess.run([program, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def main() -> None:
    """Prints the Chromium that the tests would start, or ends with the sentence that none is."""
    try:
        with sync_playwright() as playwright:
            print(find_chromium(playwright))
    except BrowserMissing as missing:
        raise SystemExit(str(missing)) from None


if __name__ == "__main__":
    main()
