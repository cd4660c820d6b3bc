"""What discord.py hands over, as activity events: by the same rules as what an export tells."""

from collections.abc import Iterator
from typing import Any

import discord

from app import clock
from app.activity import discord_events, fingerprints
from app.activity.discord_events import Where, Who
from app.activity.events import ActivityEvent


def events_of_message(message: discord.Message, key: bytes) -> Iterator[ActivityEvent]:
    """A message, and in another one's thread that it was answered. The text stays in Discord: its
    length and fingerprint are kept where Discord tells the bot the text at all.
    """
    author, where, at = who(message.author), where_of(message.channel), message.created_at
    text = fingerprints.told_of(message.content, key)
    yield discord_events.written(str(message.id), author, at, where, text)
    owner_id = getattr(message.channel, "owner_id", None)
    if isinstance(message.channel, discord.Thread) and owner_id is not None:
        answer = discord_events.thread_answered(author, at, where, str(owner_id))
        if answer is not None:
            yield answer


def event_of_thread(thread: discord.Thread) -> ActivityEvent:
    """A new thread, of who started it."""
    starter = who(thread.owner) if thread.owner else Who(str(thread.owner_id))
    at = thread.created_at or clock.now()
    return discord_events.thread_started(str(thread.id), starter, at, where_of(thread))


def who(account: discord.User | discord.Member) -> Who:
    """An account; its roles where it is a member."""
    roles = tuple(str(role.id) for role in getattr(account, "roles", ()))
    return Who(str(account.id), account.display_name, account.bot, roles)


def where_of(channel: Any) -> Where:
    """A channel, or a thread below its channel."""
    if not isinstance(channel, discord.Thread):
        return Where(str(channel.id), category=_text(getattr(channel, "category_id", None)))
    category = _text(getattr(channel.parent, "category_id", None))
    return Where(str(channel.parent_id or channel.id), str(channel.id), category)


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
