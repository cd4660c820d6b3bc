"""What discord.py hands over, as activity events: by the same rules as what an export tells."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import discord

from app import clock
from app.activity.events import ActivityEvent
from app.activity.formats import discord_events, fingerprints
from app.activity.formats.discord_events import Where, Who


def events_of_message(message: discord.Message, author: Who, key: bytes) -> Iterator[ActivityEvent]:
    """A message, and in another one's thread that it was answered. The text stays in Discord: its
    length and fingerprint are kept where Discord tells the bot the text at all.
    """
    where, at = where_of(message.channel), message.created_at
    text = fingerprints.told_of(
        message.content,
        key,
        stickers=(str(sticker.id) for sticker in message.stickers),
        files=(f"{file.filename} {file.size}" for file in message.attachments),
    )
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


def events_of_reaction(
    payload: discord.RawReactionActionEvent, channel: Any, author: Who | None, at: datetime
) -> Iterator[ActivityEvent]:
    """A reaction: that it was given, and where it is known whose message it is on, received."""
    giver = who(payload.member) if payload.member else Who(str(payload.user_id))
    message_id, emoji = str(payload.message_id), emoji_of(payload)
    whose = author or Who("")
    given, got = discord_events.reaction(message_id, emoji, giver, whose, at, where_of(channel))
    if author is None:
        yield given._replace(other=None)
    else:
        yield from (given, got)


def events_of_read_reaction(
    reaction: discord.Reaction, giver: discord.User | discord.Member
) -> Iterator[ActivityEvent]:
    """A reaction as a history tells it, given and received: when it was given is not told, so it
    takes the time of its message.
    """
    message, emoji = reaction.message, reaction.emoji
    known_by = emoji if isinstance(emoji, str) else str(emoji.id or emoji.name)
    where, at = where_of(message.channel), message.created_at
    yield from discord_events.reaction(
        str(message.id), known_by, who(giver), who(message.author), at, where
    )


def author_of(payload: discord.RawReactionActionEvent, guild: discord.Guild) -> Who | None:
    """Whose message a reaction is on; None where Discord does not tell."""
    if payload.message_author_id is None:
        return None
    account = guild.get_member(payload.message_author_id)
    return who(account) if account else Who(str(payload.message_author_id))


def emoji_of(payload: Any) -> str:
    """What a reaction's emoji is known by: the id of a guild's own, else the character."""
    emoji = payload.emoji
    return str(emoji.id) if emoji.id is not None else str(emoji.name)


def present(channel: discord.channel.VocalGuildChannel) -> list[discord.Member]:
    """The people in a voice channel who take part: who hears nothing does not, and nobody alone."""
    there = [
        member
        for member in channel.members
        if not member.bot and member.voice and not (member.voice.self_deaf or member.voice.deaf)
    ]
    return there if len(there) > 1 else []


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
