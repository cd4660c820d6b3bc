"""What Discord says of accounts, messages and guilds in general, and its ids."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

Payload = dict[str, Any]

GUILD_ID = 1009000000000000000
BOT_ID = APPLICATION_ID = GUILD_ID + 1
FIRST_MEMBER = GUILD_ID + 10_000
EPOCH_MS = 1_420_070_400_000
"""Of snowflakes: the first second of 2015."""
PEOPLE_MAY = str(1 << 10 | 1 << 11 | 1 << 16 | 1 << 20 | 1 << 35)
"""See channels, write, read the history, connect, make threads."""
EVERYONE: Payload = {
    "id": str(GUILD_ID),
    "name": "@everyone",
    "permissions": PEOPLE_MAY,
    "position": 0,
    "color": 0,
    "hoist": False,
    "managed": False,
    "mentionable": False,
    "flags": 0,
}
OF_GUILD: Payload = {
    "features": [],
    "emojis": [],
    "stickers": [],
    "presences": [],
    "voice_states": [],
    "stage_instances": [],
    "guild_scheduled_events": [],
    "soundboard_sounds": [],
    "afk_channel_id": None,
    "afk_timeout": 300,
    "verification_level": 1,
    "default_message_notifications": 1,
    "explicit_content_filter": 0,
    "mfa_level": 0,
    "premium_tier": 0,
    "preferred_locale": "en-GB",
    "system_channel_id": None,
    "system_channel_flags": 0,
    "rules_channel_id": None,
    "public_updates_channel_id": None,
    "vanity_url_code": None,
    "nsfw_level": 0,
}
"""What is the same of every guild here."""

_numbers: Iterator[int] = count()


def snowflake() -> int:
    """A new id, of now."""
    return int(time.time() * 1000) - EPOCH_MS << 22 | next(_numbers) % (1 << 22)


def token() -> str:
    """A new secret of an interaction."""
    return f"token-{next(_numbers)}"


def iso(seconds: float) -> str:
    """A moment as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def member_id(number: int) -> int:
    """Of a person, who are numbered from 0."""
    return FIRST_MEMBER + number


def written(place: int, author: Payload, text: str) -> Payload:
    """A message that was just written."""
    return {
        "id": str(snowflake()),
        "channel_id": str(place),
        "author": author,
        "content": text,
        "timestamp": iso(time.time()),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "type": 0,
        "flags": 0,
        "nonce": None,
    }


def member(number: int, joined_at: str, *, with_user: bool = True) -> Payload:
    """A person as a member of the guild."""
    told: Payload = {
        "roles": [],
        "nick": None,
        "avatar": None,
        "joined_at": joined_at,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
    }
    return told | {"user": user(number)} if with_user else told


def user(number: int) -> Payload:
    """A person."""
    return _account(member_id(number), f"person{number}", f"Person {number}", is_bot=False)


def bot() -> Payload:
    """The bot's own account."""
    return _account(BOT_ID, "keepsake", "Keepsake", is_bot=True)


def _account(account_id: int, name: str, shown: str, *, is_bot: bool) -> Payload:
    return {
        "id": str(account_id),
        "username": name,
        "discriminator": "0",
        "global_name": shown,
        "avatar": None,
        "bot": is_bot,
        "system": False,
        "public_flags": 0,
        "avatar_decoration_data": None,
        "primary_guild": None,
        "collectibles": None,
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
