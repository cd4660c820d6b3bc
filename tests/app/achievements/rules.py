"""Communities with achievements, for the tests of how those are granted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from app.achievements.models import Grant
from app.communities import members
from app.programme.applying import apply_now
from app.programme.loading import load
from tests.support.installations import PROGRAMME, World, beside, make_installation

BASE = PROGRAMME[: PROGRAMME.index("[achievements.starter]")]
PERKS = PROGRAMME[PROGRAMME.index("[perks.pin]") :]
FORUM = """
[sources.forum]
name = "Forum"
kinds = ["message", "post"]
"""


def programme(*achievements: str, others: str = "") -> str:
    """One with these achievements, each with a pin as its reward unless it has one, and `others`
    beside them.
    """
    whole = [
        f'[achievements.{one}\nname = "{one.partition("]")[0].title()}"'
        + ("" if "reward =" in one else '\nreward = { channel = "voucher", perk = "pin" }')
        for one in achievements
    ]
    return "\n".join([BASE, *whole, others, PERKS])


def season(key: str, begins: str, ends: str, *, metric: str = "message", others: str = "") -> str:
    """A season, and the leaderboard `top` of it; `others` are more keys of that."""
    return f"""
[seasons.{key}]
name = "{key.title()}"
begins = {begins}
ends = {ends}

[leaderboards.top]
name = "Top"
metric = "{metric}"
{others or 'windows = ["season"]'}
"""


@contextmanager
def community(folder: Path, url: str, text: str) -> Iterator[World]:
    """One with this programme, closed at the end."""
    installation = make_installation(folder, url, text)
    try:
        yield World(installation)
    finally:
        installation.close()


def applied(world: World, text: str) -> None:
    """Brings another programme into force."""
    installation = world.installation
    installation.settings.programme_file.write_text(text, "utf-8")
    apply_now(installation, load(installation.settings.programme_file, installation.plugins))


def another(world: World, folder: Path, text: str) -> World:
    """Another community of the same installation, with the programme of one of the tests'."""
    return beside(
        world, folder / "elsewhere.toml", text.replace('key = "test"', 'key = "elsewhere"')
    )


def holders(world: World) -> set[tuple[str, int, int, int]]:
    """Every grant: achievement, tier, round and member."""
    with world.installation.reading() as session:
        rows = session.scalars(select(Grant)).all()
        return {(one.achievement, one.tier, one.round, one.member_id) for one in rows}


def who_has(world: World, key: str) -> list[int]:
    """The members who hold an achievement, each as often as they do."""
    return sorted(one[3] for one in holders(world) if one[0] == key)


def id_of(world: World, name: str, source: str = "sample") -> int:
    """A member's number."""
    with world.installation.reading() as session:
        return members.find(session, world.community_id, source, name).id
