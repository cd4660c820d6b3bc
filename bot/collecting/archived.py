"""Threads that were archived while the bot was away: the gateway tells of active ones alone."""

import logging
from collections.abc import AsyncIterator
from datetime import datetime
from typing import NamedTuple

import discord

Parent = discord.TextChannel | discord.ForumChannel

log = logging.getLogger(__name__)


class Archived(NamedTuple):
    """What was found, and below which channels nothing could be read."""

    threads: list[discord.Thread]
    unread: list[Parent]


async def archived_since(guild: discord.Guild, since: datetime) -> Archived:
    """Threads of a guild that were archived since then; those before hold nothing new."""
    found, unread = Archived([], []), list[Parent]()
    parents: list[Parent] = [*guild.text_channels, *guild.forums]
    for parent in parents:
        may = parent.permissions_for(guild.me)
        if not (may.read_messages and may.read_message_history):
            continue
        try:
            found.threads.extend([one async for one in _below(parent, since, may)])
        except discord.HTTPException as error:
            log.warning("Archived threads of #%s could not be read back: %s", parent, error)
            unread.append(parent)
    return found._replace(unread=unread)


async def _below(
    parent: Parent, since: datetime, may: discord.Permissions
) -> AsyncIterator[discord.Thread]:
    async for thread in parent.archived_threads(limit=None):
        if thread.archive_timestamp < since:
            break
        yield thread
    if isinstance(parent, discord.TextChannel):
        # Without the permission those that the bot joined are told, by their age: all are looked
        # at, since an old one may have been archived lately.
        joined = not may.manage_threads
        async for thread in parent.archived_threads(private=True, joined=joined, limit=None):
            if thread.archive_timestamp >= since:
                yield thread
            elif not joined:
                break
