"""One guild with its channels and people, told in the words of Discord's API v10."""

import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

Payload = dict[str, Any]

GUILD_ID = 1009000000000000000
BOT_ID = APPLICATION_ID = GUILD_ID + 1
FIRST_CHANNEL, FIRST_THREAD, FIRST_MEMBER = GUILD_ID + 100, GUILD_ID + 1_000, GUILD_ID + 10_000
EPOCH_MS = 1_420_070_400_000
"""Of snowflakes: the first second of 2015."""
KEPT = 500
"""Messages of each channel that can be read back."""
PEOPLE_MAY = str(1 << 10 | 1 << 11 | 1 << 16 | 1 << 20 | 1 << 35)
"""See channels, write, read the history, connect, make threads."""

_numbers: Iterator[int] = count()


def snowflake() -> int:
    """A new id, of now."""
    return int(time.time() * 1000) - EPOCH_MS << 22 | next(_numbers) % (1 << 22)


def member_id(number: int) -> int:
    """Of a person, who are numbered from 0."""
    return FIRST_MEMBER + number


class Town:
    """The guild; a channel's number is its place among channels, threads follow the channels."""

    def __init__(self, channels: int = 3, threads: int = 0):
        self.channels = [FIRST_CHANNEL + number for number in range(channels)]
        self.threads = [FIRST_THREAD + number for number in range(threads)]
        self.places = [*self.channels, *self.threads]
        self.history: dict[int, deque[Payload]] = {
            place: deque(maxlen=KEPT) for place in self.places
        }
        self.joined_at = _iso(time.time() - 10 * 86400)

    def message(self, place: int, author: int, text: str) -> Payload:
        """A message that a person has just written; it is kept as the channel's newest."""
        told = {
            "id": str(snowflake()),
            "channel_id": str(place),
            "author": user(author),
            "content": text,
            "timestamp": _iso(time.time()),
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
        self.history[place].append(told)
        return told | {"guild_id": str(GUILD_ID), "member": self.member(author, with_user=False)}

    def reaction(self, message: Payload, giver: int, emoji: str, *, added: bool = True) -> Payload:
        """That somebody reacted to a message, or took it back."""
        told: Payload = {
            "user_id": str(member_id(giver)),
            "channel_id": message["channel_id"],
            "message_id": message["id"],
            "guild_id": str(GUILD_ID),
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        if added:
            told |= {"member": self.member(giver), "message_author_id": message["author"]["id"]}
        return told

    def interaction(self, kind: int, data: Payload, by: int, place: int) -> Payload:
        """A command (kind 2) or a press of a button (3)."""
        told: Payload = {
            "id": str(snowflake()),
            "application_id": str(APPLICATION_ID),
            "type": kind,
            "token": f"token-{next(_numbers)}",
            "version": 1,
            "data": data,
            "guild_id": str(GUILD_ID),
            "channel_id": str(place),
            "channel": self.channel(place),
            "member": self.member(by) | {"permissions": PEOPLE_MAY},
            "locale": "en-GB",
            "guild_locale": "en-GB",
            "app_permissions": PEOPLE_MAY,
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 0,
            "attachment_size_limit": 10 << 20,
        }
        if kind == 3:
            button = {"type": 2, "style": 1, "label": "Press", "custom_id": data["custom_id"]}
            row = {"type": 1, "components": [button]}
            told["message"] = self.message_of_bot("", place) | {"components": [row]}
        return told

    def message_of_bot(self, text: str, place: int) -> Payload:
        """What the bot wrote, as it is told back to it."""
        return {
            "id": str(snowflake()),
            "channel_id": str(place),
            "author": bot(),
            "content": text,
            "timestamp": _iso(time.time()),
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
        }

    def channel(self, place: int) -> Payload:
        """A channel or a thread, with its newest message."""
        newest = self.history[place][-1]["id"] if self.history[place] else None
        told: Payload = {"id": str(place), "guild_id": str(GUILD_ID), "last_message_id": newest}
        if place in self.channels:
            return told | {
                "type": 0,
                "name": f"channel-{self.channels.index(place)}",
                "position": self.channels.index(place),
                "permission_overwrites": [],
                "parent_id": None,
                "topic": None,
                "nsfw": False,
                "rate_limit_per_user": 0,
            }
        number = self.threads.index(place)
        return told | {
            "type": 11,
            "name": f"thread-{number}",
            "parent_id": str(self.channels[number % len(self.channels)]),
            "owner_id": str(member_id(number)),
            "member_count": 2,
            "message_count": len(self.history[place]),
            "rate_limit_per_user": 0,
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": self.joined_at,
                "locked": False,
                "create_timestamp": self.joined_at,
            },
        }

    def member(self, number: int, *, with_user: bool = True) -> Payload:
        """A person as a member of the guild."""
        told: Payload = {
            "roles": [],
            "nick": None,
            "avatar": None,
            "joined_at": self.joined_at,
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
            "communication_disabled_until": None,
        }
        return told | {"user": user(number)} if with_user else told

    def guild(self) -> Payload:
        """All of it, as it is told to a bot that came."""
        everyone = {
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
        return {
            "id": str(GUILD_ID),
            "name": "Test town",
            "owner_id": str(member_id(0)),
            "unavailable": False,
            "joined_at": self.joined_at,
            "member_count": 2,
            "large": False,
            "features": [],
            "emojis": [],
            "stickers": [],
            "roles": [everyone],
            "members": [self.member(0) | {"user": bot()}],
            "channels": [self.channel(place) for place in self.channels],
            "threads": [self.channel(place) for place in self.threads],
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
