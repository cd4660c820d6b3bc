"""One guild with its channels and people, told in the words of Discord's API v10."""

import time
from collections import deque

from tests.support.gateway.words import (
    APPLICATION_ID,
    EVERYONE,
    GUILD_ID,
    OF_GUILD,
    PEOPLE_MAY,
    Payload,
    bot,
    iso,
    member,
    member_id,
    snowflake,
    token,
    user,
    written,
)

FIRST_CHANNEL, FIRST_THREAD = GUILD_ID + 100, GUILD_ID + 1_000
KEPT = 500
"""Messages of each channel that can be read back."""
BUTTON = 3


class Town:
    """The guild; a channel's number is its place among channels, threads follow the channels."""

    def __init__(self, channels: int = 3, threads: int = 0):
        self.channels = [FIRST_CHANNEL + number for number in range(channels)]
        self.threads = [FIRST_THREAD + number for number in range(threads)]
        self.places = [*self.channels, *self.threads]
        self.history: dict[int, deque[Payload]] = {
            place: deque(maxlen=KEPT) for place in self.places
        }
        self.joined_at = iso(time.time() - 10 * 86400)

    def message(self, place: int, author: int, text: str) -> Payload:
        """A message that a person has just written; it is kept as the channel's newest."""
        told = written(place, user(author), text)
        self.history[place].append(told)
        return told | {
            "guild_id": str(GUILD_ID),
            "member": member(author, self.joined_at, with_user=False),
        }

    def deletion(self, message: Payload) -> Payload:
        """That a message is there no longer."""
        history = self.history[int(message["channel_id"])]
        left = [one for one in history if one["id"] != message["id"]]
        history.clear()
        history.extend(left)
        return {key: message[key] for key in ("id", "channel_id", "guild_id")}

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
            told |= {
                "member": member(giver, self.joined_at),
                "message_author_id": message["author"]["id"],
            }
        return told

    def interaction(self, kind: int, data: Payload, by: int, place: int) -> Payload:
        """A command (kind 2) or a press of a button."""
        told: Payload = {
            "id": str(snowflake()),
            "application_id": str(APPLICATION_ID),
            "type": kind,
            "token": token(),
            "version": 1,
            "data": data,
            "guild_id": str(GUILD_ID),
            "channel_id": str(place),
            "channel": self.channel(place),
            "member": member(by, self.joined_at) | {"permissions": PEOPLE_MAY},
            "locale": "en-GB",
            "guild_locale": "en-GB",
            "app_permissions": PEOPLE_MAY,
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 0,
            "attachment_size_limit": 10 << 20,
        }
        if kind == BUTTON:
            button = {"type": 2, "style": 1, "label": "Press", "custom_id": data["custom_id"]}
            row = {"type": 1, "components": [button]}
            told["message"] = written(place, bot(), "") | {"components": [row]}
        return told

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

    def guild(self) -> Payload:
        """All of it, as it is told to a bot that came."""
        return OF_GUILD | {
            "id": str(GUILD_ID),
            "name": "Test town",
            "owner_id": str(member_id(0)),
            "unavailable": False,
            "joined_at": self.joined_at,
            "member_count": 2,
            "large": False,
            "roles": [EVERYONE],
            "members": [member(0, self.joined_at) | {"user": bot()}],
            "channels": [self.channel(place) for place in self.channels],
            "threads": [self.channel(place) for place in self.threads],
        }
