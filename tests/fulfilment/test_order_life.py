"""Orders live through any moves: the table allows each, the counts add up, the record tells it."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry
from app.installation import Installation
from fulfilment.orders import moving, ordering
from fulfilment.orders.models import FulfilmentOrder, OrderLine
from fulfilment.orders.moves import ALLOWED, Move, MoveRefused, State, check, chosen, state_of
from fulfilment.orders.moving import By
from fulfilment.pickups import handing
from fulfilment.pickups.requests import CollectRequest
from tests.fulfilment.pickup_desks import PICKUPS, PickupDesk
from tests.support.interleaving import one_after_the_other

PARTS = st.one_of(
    st.none(), st.dictionaries(st.integers(1, 3), st.integers(0, 3), min_size=1, max_size=2)
)
LIVES = st.lists(st.tuples(st.sampled_from(Move), PARTS), max_size=12)
KINDS = {
    Move.COLLECT: "order.collected",
    Move.NOT_FOUND: "order.not_found",
    Move.RETURN: "order.returned",
}


@pytest.fixture
def programme() -> str:
    return PICKUPS


def take(session: Any, order: FulfilmentOrder, move: Move, parts: dict[int, int] | None) -> None:
    how: dict[str, Any] = {"by": By(COMMAND_LINE), "now": clock.now()}
    shelves = {line: f"S{count}" for line, count in (parts or {1: 1}).items()}
    match move:
        case Move.READY:
            moving.arrive(session, order, shelves, **how)
        case Move.SHELVE:
            moving.shelve(session, order, shelves, **how)
        case Move.COLLECT:
            moving.collect(session, order, parts, **how)
        case Move.NOT_FOUND:
            moving.not_found(session, order, parts, **how)
        case Move.RETURN:
            moving.take_back(session, order, parts, reason="wrong size", **how)
        case Move.CANCEL:
            done = ordering.cancel(session, order.redemption, actor=COMMAND_LINE, now=how["now"])
            if done is None:
                raise MoveRefused("It cannot be cancelled.")


def step(session: Any, order: FulfilmentOrder, move: Move, parts: dict[int, int] | None) -> bool:
    """Takes a move; what it comes to is what the table says. False where it was refused."""
    before = State(order.state)
    lines = moving.lines_of(session, order)
    held = {line.number: (line.left, line.taken, line.missing) for line in lines}
    try:
        with session.begin_nested():
            take(session, order, move, parts)
    except MoveRefused:
        session.refresh(order)
        assert State(order.state) == before
        now = {
            line.number: (line.left, line.taken, line.missing)
            for line in moving.lines_of(session, order)
        }
        assert now == held
        return False
    after = State(order.state)
    assert before in ALLOWED[move].before and after in ALLOWED[move].after
    for line in moving.lines_of(session, order):
        assert 0 <= line.returned <= line.collected
        assert line.missing >= 0 and line.left >= 0
        assert line.collected + line.missing + line.left == line.quantity
    return True


def test_every_life_keeps_to_the_table_and_the_record_has_each_step(
    installation: Installation,
) -> None:
    desk = PickupDesk(installation)
    # One order for all examples: each begins with it as it was made.
    made, _ = desk.order(uses=1)

    @settings(max_examples=60)
    @given(LIVES)
    def lives(moves: list[tuple[Move, dict[int, int] | None]]) -> None:
        if len(moves) % 2:
            moves = [(Move.READY, None), *moves]  # what never comes has a short life
        with installation.database.unit_of_work() as session:
            order = moving.find(session, desk.world.community_id, made)
            known = set(session.scalars(select(AuditEntry.id)))
            taken = Counter(
                KINDS[move]
                for move, parts in moves
                if step(session, order, move, parts) and move in KINDS
            )
            told = Counter(
                entry.kind
                for entry in session.scalars(select(AuditEntry))
                if entry.id not in known and entry.kind in KINDS.values()
            )
            assert told == taken
            session.rollback()

    lives()


def line(quantity: int, collected: int = 0, missing: int = 0, returned: int = 0) -> OrderLine:
    return OrderLine(
        number=1, quantity=quantity, collected=collected, missing=missing, returned=returned
    )


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([line(2), line(1)], State.READY),
        ([line(2), line(1, collected=1)], State.PARTLY),
        ([line(2, missing=2), line(1)], State.READY),
        ([line(2, missing=2), line(1, collected=1)], State.MISSING),
        ([line(2, collected=2), line(1, collected=1)], State.COLLECTED),
        ([line(2, collected=2, returned=1)], State.COLLECTED),
        ([line(2, collected=2, returned=2)], State.RETURNED),
        ([line(2, collected=1, returned=1)], State.PARTLY),
    ],
)
def test_counts_say_how_an_order_stands(lines: list[OrderLine], state: State) -> None:
    assert state_of(lines) == state


def test_a_refusal_says_how_the_order_stands_and_how_much_there_is() -> None:
    with pytest.raises(MoveRefused, match="is not here yet: it cannot be handed over"):
        check("A1", "requested", Move.COLLECT)
    with pytest.raises(MoveRefused, match="Line 1 of order A1: only 1 of it is left"):
        chosen("A1", Move.COLLECT, [line(2, collected=1)], {1: 2})
    with pytest.raises(MoveRefused, match="Order A1 has no line 2"):
        chosen("A1", Move.COLLECT, [line(2)], {2: 1})
    with pytest.raises(MoveRefused, match="say how many of which line"):
        chosen("A1", Move.COLLECT, [line(2)], {1: 0})


def test_of_two_desks_that_hand_over_the_last_one_at_once_one_is_refused(
    installation: Installation,
) -> None:
    desk = PickupDesk(installation)
    made, _ = desk.ready(perk="trophy")

    def hand_over(session: Any) -> Any:
        order = moving.find(session, desk.world.community_id, made)
        return moving.collect(session, order, None, by=By(COMMAND_LINE), now=clock.now())

    first, second = one_after_the_other(installation, hand_over, hand_over)
    assert first == {1: 1}
    assert isinstance(second, MoveRefused)
    assert "was handed over" in str(second)


def test_the_same_deed_that_comes_twice_at_once_is_done_once(installation: Installation) -> None:
    desk = PickupDesk(installation)
    made, _ = desk.ready(uses=2)
    asked = CollectRequest.read({"attempt_id": str(uuid4()), "lines": [{"line": 2, "quantity": 1}]})

    def hand_over(session: Any) -> Any:
        return handing.collect(session, desk.scanner, made, asked, now=clock.now())

    first, second = one_after_the_other(installation, hand_over, hand_over)
    assert first["quantity"] == 1
    assert second == {**first, "replayed": True}


def test_an_order_that_was_fetched_stays_so_when_its_redemption_is_undone(
    installation: Installation,
) -> None:
    desk = PickupDesk(installation)
    fetched, _ = desk.ready(perk="trophy")
    waiting, _ = desk.ready(perk="trophy")
    assert desk.do(fetched, "collect", identity_confirmed=True) == "collected"
    with installation.unit_of_work() as session:
        for made in (fetched, waiting):
            redemption = session.get_one(FulfilmentOrder, made).redemption
            now = clock.now() + timedelta(minutes=1)
            ordering.cancel(session, redemption, actor=COMMAND_LINE, now=now)
    done = desk.get(state="done")[1]["orders"]
    assert {one["id"]: one["state"] for one in done} == {
        fetched: "collected",
        waiting: "cancelled",
    }
    assert desk.numbers() == []
