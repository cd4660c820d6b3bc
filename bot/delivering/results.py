"""Results of leaderboards: a final window, posted to the channel that its board names."""

from typing import Any

import discord

from app import clock
from app.activity.boards import shown
from app.activity.boards.freezing import POST
from app.activity.boards.naming import UnknownBoard, UnknownWindow
from app.communities.models import Community
from app.installation import Installation
from app.jobs.queue import ClaimedJob
from app.programme.applying import current
from bot.commands.leaderboard import lines_of, page_address, told_state

PLACES = 10
__all__ = ["POST", "post"]


async def post(client: discord.Client, job: ClaimedJob, text: str) -> None:
    """Writes a result to its channel; raises what Discord says where it cannot."""
    number = int(job.payload["channel"])
    channel = client.get_channel(number) or await client.fetch_channel(number)
    if not isinstance(channel, discord.abc.Messageable):
        raise TypeError(f"channel {number} is none that anybody can write in")
    # The same nonce again is dropped by Discord for some minutes: a crash just after it was sent
    # does not post it twice.
    await channel.send(
        text, allowed_mentions=discord.AllowedMentions.none(), nonce=job.id.hex[-25:]
    )


def text_of(installation: Installation, job: ClaimedJob) -> str | None:
    """What a result says; None where its board is gone, and with it who wanted to know."""
    community_id = job.community_id
    if community_id is None:
        return None
    key, window = job.payload["board"], job.payload["window"]
    with installation.reading() as session:
        programme = current(session, community_id)
        how: dict[str, Any] = {"limit": PLACES, "public": True, "now": clock.now()}
        try:
            seen = shown.show(session, community_id, programme, key, window, **how)
        except (UnknownBoard, UnknownWindow):
            return None
        community = session.get_one(Community, community_id)
        address = page_address(installation, community, seen)
    count = f"{seen.members:,} {'member has' if seen.members == 1 else 'members have'} a place."
    return "\n".join(
        [
            f"**{seen.board.name}**: the result of {seen.title}",
            *lines_of(seen.places),
            f"-# {count} {told_state(seen.state)}",
            *([f"-# <{address}>"] if address else []),
        ]
    )
