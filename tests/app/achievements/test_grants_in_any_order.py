"""For events in any order, each grant of the ordered run is made."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import clock
from app.achievements.models import Grant
from app.activity.events import ActivityEvent
from app.communities.models import Identity, Member
from tests.app.activity.test_any_order import FEW, LIMITED, _marked, activity, in_order
from tests.support.installations import PROGRAMME, World, world_of

CRITERIA = {
    "talk": 'all = [{ metric = "talk" }]\n'
    'tiers = [{ name = "A", at_least = 2 }, { name = "B", at_least = 5 }]',
    "again": 'all = [{ metric = "message", at_least = 3 }]\nrepeat = { at_most = 4 }',
    "daily": 'all = [{ metric = "talk", at_least = 3, window = "day" }]\nrepeat = {}',
    "streak": 'all = [{ streak = 2, of = "message" }, { metric = "thread_started", at_least = 1 }]',
    "places": 'any = [{ distinct = "channel", of = "talk", at_least = 2 }, { role = "1" }]',
    "both": 'all = [{ achievement = "talk" }, { achievement = "places" }]',
}
GRANTED = "".join(
    f'\n[achievements.{key}]\nname = "{key}"\n{criteria}\n'
    'reward = { channel = "voucher", perk = "pin" }\n'
    for key, criteria in CRITERIA.items()
)

Grants = set[tuple[str, int, int, str]]


world = world_of(PROGRAMME + LIMITED + GRANTED)


def play(world: World, mark: str, batches: Sequence[Sequence[ActivityEvent]]) -> Grants:
    """Takes the same in for other people; returns what they were granted."""
    for events in batches:
        world.take(*[_marked(one, mark) for one in events], now=clock.now() + timedelta(days=10))
    with world.installation.reading() as session:
        rows = session.execute(
            select(Grant.achievement, Grant.tier, Grant.round, Identity.external_id)
            .join(Member, Member.id == Grant.member_id)
            .join(Identity, Identity.person_id == Member.person_id)
            .where(Identity.external_id.startswith(mark))
        )
        return {(key, tier, number, who.removeprefix(mark)) for key, tier, number, who in rows}


def chunks(events: Sequence[ActivityEvent], size: int) -> list[Sequence[ActivityEvent]]:
    return [events[start : start + size] for start in range(0, len(events), size)]


def test_every_grant_of_the_ordered_run_is_made_in_any_order(world: World) -> None:
    runs = iter(range(10_000))

    @settings(FEW, max_examples=12)
    @given(activity(), st.data())
    def made(events: list[ActivityEvent], data: st.DataObject) -> None:
        number, size = next(runs), data.draw(st.integers(1, 12))
        shuffled = data.draw(st.permutations(events))
        ordered = play(world, f"o{number:05}-", chunks(in_order(events), 5))
        assert ordered <= play(world, f"s{number:05}-", chunks(shuffled, size))

    made()
