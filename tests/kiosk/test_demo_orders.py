"""The demo has something to fetch from its first start, and no more of it at a later one."""

from pathlib import Path

from sqlalchemy import select

from app.jobs.loop import do_due
from fulfilment.orders.models import FulfilmentOrder, OrderLine
from kiosk import demo
from tests.support.installations import PROGRAMME, World, make_installation

OURS = Path(__file__).parents[2] / "programme.toml"


def orders(world: World) -> list[str]:
    while do_due(world.installation, "worker"):
        pass
    with world.installation.reading() as session:
        return list(session.scalars(select(FulfilmentOrder.state)))


def test_packs_are_ordered_once_for_those_who_came_last(engine_url: str, tmp_path: Path) -> None:
    installation = make_installation(tmp_path, engine_url, OURS.read_text("utf-8"))
    world, told = World(installation), list[tuple[int, int]]()
    for member in range(demo.PACKS + 2):
        world.issue("enamel_pin", member=str(member))
    for _ in range(2):
        demo.order_some(installation, lambda done, of: told.append((done, of)))
    assert told == [(done, demo.PACKS) for done in range(1, demo.PACKS + 1)]
    assert orders(world) == ["requested"] * demo.PACKS
    with installation.reading() as session:
        lines = session.scalars(select(OrderLine.item).order_by(OrderLine.number)).all()
    assert set(lines) == {"Lantern poster", "Sticker"}
    installation.close()


def test_a_programme_without_packs_has_none(engine_url: str, tmp_path: Path) -> None:
    installation = make_installation(tmp_path, engine_url, PROGRAMME)
    World(installation).issue()
    demo.order_some(installation, lambda _done, _of: None)
    assert orders(World(installation)) == []
    installation.close()
