"""Stock by the console: what came in, a stocktake, losses, and what is carried elsewhere."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.stock.models import StockLevel
from tests.support.installations import PROGRAMME, World, world_of
from tests.support.pages import Visitor

ITEMS = PROGRAMME + '\n[items.pin]\nname = "Lantern pin"\n\n[items.shirt]\nname = "Shirt"\n'
ITEMS = ITEMS.replace('name = "Shirt"\n', 'name = "Shirt"\nvariants = ["s", "m"]\n')


world = world_of(ITEMS)


@pytest.fixture
def organiser(world: World) -> Visitor:
    return Visitor(world.installation).sign_in()


def enter(organiser: Visitor, change: str, quantity: str, **more: str) -> tuple[int, str]:
    form = {"item": "pin", "variant": "", "place": "popup", "reason": "by two of us"} | more
    answer = organiser.post("/console/stock", change=change, quantity=quantity, **form)
    return answer.status_code, unescape(re.sub(r"\s+", " ", answer.text))


def there(world: World) -> dict[tuple[str, str, str], int]:
    with world.installation.reading() as session:
        every = session.scalars(select(StockLevel)).all()
        return {(one.item, one.variant, one.place): one.on_hand for one in every if one.on_hand}


def test_stock_comes_in_is_counted_carried_and_lost(world: World, organiser: Visitor) -> None:
    assert enter(organiser, "receive", "20")[0] == 303
    assert enter(organiser, "receive", "3", item="shirt", variant="m")[0] == 303
    assert enter(organiser, "move", "5", to="other")[0] == 303
    assert enter(organiser, "write_off", "1", place="other")[0] == 303
    assert enter(organiser, "count", "14")[0] == 303
    assert there(world) == {
        ("pin", "", "popup"): 14,
        ("pin", "", "other"): 4,
        ("shirt", "m", "popup"): 3,
    }
    page = unescape(organiser.get("/console/stock").text)
    assert page.index("counted <span") < page.index("lost or broken <span")
    assert '<strong class="moved-by">-1</strong>' in page
    with world.installation.reading() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.kind == "stock.changed")
        ).all()
    assert {entry.actor.partition(":")[0] for entry in entries} == {"organiser"}
    assert "by two of us" not in str([entry.data for entry in entries])


@pytest.mark.parametrize(
    ("change", "quantity", "more", "sentence"),
    [
        ("lose", "1", {}, "Choose what happened."),
        ("receive", "0", {}, "Write how many, as a whole number from 1."),
        ("count", "-1", {}, "Write how many, as a whole number from 0."),
        ("count", "1e3", {}, "Write how many, as a whole number from 0."),
        ("count", "٣", {}, "Write how many, as a whole number from 0."),
        ("receive", "1", {"reason": " "}, "Say why, in at most 1000 characters."),
        ("receive", "1", {"item": "mug"}, "The programme has no item mug at popup."),
        ("receive", "1", {"place": "pop\x00up"}, "A field holds what nobody can type."),
        ("write_off", "9", {}, "Only 2 of pin at popup can go."),
        ("move", "1", {"to": "popup"}, "Name two places."),
        ("move", "1", {}, "The programme has no item pin at ."),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(
    world: World,
    organiser: Visitor,
    change: str,
    quantity: str,
    more: dict[str, str],
    sentence: str,
) -> None:
    enter(organiser, "receive", "2")
    status, page = enter(organiser, change, quantity, **more)
    assert status in (409, 422)
    assert f"{sentence} Nothing was changed." in page
    assert there(world) == {("pin", "", "popup"): 2}


def test_what_was_typed_is_still_there_after_a_refusal(organiser: Visitor) -> None:
    _, page = enter(organiser, "write_off", "7", reason="fell into the river")
    form = page[
        page.index("<details open>") : page.index("</details>", page.index("<details open>"))
    ]
    assert 'value="7"' in form
    assert 'value="fell into the river"' in form
    assert '<option value="write_off" selected>' in form
