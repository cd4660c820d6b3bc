"""Stock on the organisers' overview: only where the programme has items, what is low first."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from app.actor import COMMAND_LINE
from app.programme.applying import ready
from app.stock import moving
from app.stock.levels import Sort
from tests.support.installations import NOON, PROGRAMME, World, make_installation
from tests.support.pages import Visitor

ITEMS = PROGRAMME.replace('[perks.pin]\nname = "Pin"', '[perks.pin]\nname = "Pin"\nitem = "pin"')
ITEMS += """
[items.pin]
name = "Lantern pin"
low = 2

[items.shirt]
name = "Shirt"
variants = ["s", "m"]
"""


def apply(world: World, programme: str) -> None:
    world.installation.settings.programme_file.write_text(programme, "utf-8")
    ready(world.installation)


def receive(world: World, item: str, quantity: int, variant: str = "", at: str = "popup") -> None:
    with world.installation.unit_of_work() as session:
        sort = Sort(world.community_id, item, variant)
        moving.receive(session, sort, at, quantity, reason="r", actor=COMMAND_LINE, now=NOON)


def shown(world: World) -> str:
    """The panel's text, as people read it; empty where there is none."""
    page = Visitor(world.installation).sign_in().get("/console").text
    found = re.search(r'<section id="panel-stock".*?</section>', page, re.DOTALL)
    assert (found is None) == ('href="/console/stock"' not in page)  # the menu agrees
    text = re.sub(r"<[^>]*>", " ", found.group()) if found else ""
    return " ".join(unescape(text).split())


def test_a_programme_without_items_has_no_such_panel(world: World) -> None:
    assert shown(world) == ""


@pytest.fixture
def stocked(engine_url: str, tmp_path: Path) -> Iterator[World]:
    installation = make_installation(tmp_path, engine_url, ITEMS)
    yield World(installation)
    installation.close()


def test_it_tells_what_lies_where_what_is_promised_and_what_is_free(stocked: World) -> None:
    receive(stocked, "pin", 5)
    receive(stocked, "shirt", 1200, "m", at="other")
    stocked.issue()
    text = shown(stocked)
    assert "Lantern pin Pop-up 5 1 4" in text
    assert "Shirt m Other place 1,200 0 1,200" in text


def test_what_is_low_has_a_badge_and_stands_first(stocked: World) -> None:
    receive(stocked, "pin", 3)
    receive(stocked, "pin", 3, at="other")
    assert "low" not in shown(stocked)
    stocked.issue()
    text = shown(stocked)
    assert "1 is low." in text
    assert text.index("Lantern pin Low Pop-up 3 1 2") < text.index("Lantern pin Other place")


def test_where_none_is_free_it_says_so(stocked: World) -> None:
    receive(stocked, "pin", 1)
    stocked.issue()
    assert "Lantern pin None free Pop-up 1 1 0" in shown(stocked)


def test_what_the_programme_dropped_is_shown_while_something_lies_there(stocked: World) -> None:
    receive(stocked, "shirt", 4, "s")
    apply(stocked, ITEMS.replace('variants = ["s", "m"]', 'variants = ["m"]'))
    text = shown(stocked)
    assert "Shirt s Pop-up 4 0 4" in text
    assert "Shirt s Other place" not in text
    assert "Shirt m Other place 0 0 0" in text
