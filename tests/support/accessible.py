"""What axe-core says of a page, as npm installed it, and whether the page fits its window."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SIZES = ((390, 844), (320, 568), (1024, 768))
DRAWN = "() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"
"""The page has heard of its new size."""
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def broken(page: Page) -> list[str]:
    """As `violations()`, in each of the sizes; the page has its own size again afterwards."""
    before, found = page.viewport_size, []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(DRAWN)
        found += [f"{width}x{height}: {one}" for one in violations(page)]
    if before is not None:
        page.set_viewport_size(before)
    return found


def fits(page: Page) -> bool:
    """Whether nobody has to push the page sideways.

    A click ends when the next page is there, which may be before there is anything in it: what
    is measured is the whole page.
    """
    page.wait_for_load_state()
    return bool(page.evaluate(FITS))


def violations(page: Page) -> list[str]:
    """Each rule that the page breaks, its contrast included, with where and what is wrong."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    found: list[dict[str, Any]] = page.evaluate(
        """axe.run(document, {
            resultTypes: ["violations"], rules: { "target-size": { enabled: true } },
        }).then(({ violations }) => violations)"""
    )
    return [
        f"{one['id']} at {node['target']}: {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]


@cache
def _axe() -> str:
    return AXE.read_text("utf-8")
