"""What axe-core says of a page, as npm installed it."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page) -> list[str]:
    """Each rule that the page breaks, its contrast included, with where and what is wrong."""
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
