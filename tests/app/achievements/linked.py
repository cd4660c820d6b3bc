"""Accounts on Discord and in a forum, and short ways to link them."""

from datetime import timedelta
from typing import Any

from app import clock
from app.achievements.linking import joining
from app.activity.counters import counting
from app.actor import Actor
from app.communities import members
from app.communities.linking import codes
from app.communities.linking.codes import Account
from tests.support.installations import (
    NOON,
    World,
    message,
    minutes,
)

ACTOR = Actor("member", "1")

LATER = NOON + timedelta(days=7)

MIXED = """
[metrics.days_anywhere]
kinds = ["message", "post"]
distinct = "day"

[metrics.calm]
kinds = ["message", "post"]

[metrics.calm.limits]
cooldown_seconds = 600

[achievements.both]
name = "Both"
all = [{ metric = "calm", at_least = 3 }, { metric = "post", at_least = 1 }]
reward = { channel = "voucher", perk = "pin" }
"""


def post(event_id: str, after: int = 0, member: str = "ann") -> Any:
    return message(event_id, member, NOON + minutes(after), kind="post")


def chat(event_id: str, after: int = 0, member: str = "100") -> Any:
    return message(event_id, member, NOON + minutes(after))


def on_discord(world: World, member: str = "100") -> int:
    with world.installation.unit_of_work() as session:
        names: dict[str, str | None] = {member: f"D{member}"}
        known = members.ids_of(session, world.community_id, "discord", names, first_seen=NOON)
        return known[member]


def id_of(world: World, member: str, source: str) -> int:
    with world.installation.reading() as session:
        return members.find(session, world.community_id, source, member).id


def code_for(world: World, account: str = "ann", source: str = "forum") -> str:
    with world.installation.unit_of_work() as session:
        shown = Account(source, account, account.title())
        return codes.for_account(session, world.community_id, shown, now=clock.now()).code


def link(world: World, member_id: int, account: str = "ann", source: str = "forum") -> Any:
    code = code_for(world, account, source)
    return joining.enter_here(world.installation, world.community_id, member_id, code)


def counts(world: World, member_id: int) -> dict[str, int]:
    with world.installation.reading() as session:
        return counting.counts(session, world.community_id, member_id)
