"""Reading exports as events: message by message, all files together in the order of time."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from app.activity.events import ActivityEvent
from app.activity.formats import discord_events, faults, fingerprints
from app.activity.formats.discord_events import Where, Who
from app.activity.formats.discord_export import schema
from app.activity.formats.discord_export.cutting import cut
from app.activity.formats.discord_export.files import Export, places_of
from app.activity.formats.ndjson import FileRefused, RefusedLine
from app.clock import as_text

MOST_REACTIONS = 1_000_000
NEVER = datetime.max.replace(tzinfo=UTC)


class Told(NamedTuple):
    """What one message comes to."""

    at: datetime
    id: int
    lines: list[ActivityEvent | RefusedLine]


class ExportReader:
    """Reads some files at once; holds one chunk of each that has begun and not ended."""

    def __init__(
        self,
        exports: Iterable[Export],
        key: bytes,
        starters: Mapping[str, str],
        *,
        latest: datetime = NEVER,
    ):
        """`starters` are those that are known already, by thread. A message later than `latest` is
        refused as of the future.
        """
        self._exports = list(exports)
        self._places, self._key, self._latest = places_of(self._exports), key, latest
        # By thread: a few bytes for each, of whatever length it is.
        self._starters = dict(starters)
        self.done = 0
        """How many bytes were read."""

    def __iter__(self) -> Iterator[ActivityEvent | RefusedLine]:
        """Each event, or why a message is none; raises `FileRefused`, at its turn, for a file
        that is damaged or ends too early.
        """
        for told in self._in_order():
            yield from told.lines

    def _in_order(self) -> Iterator[Told]:
        waiting = sorted(self._exports, key=lambda one: one.first_at, reverse=True)
        reading: list[tuple[datetime, int, int, Told, Iterator[Told]]] = []
        while waiting or reading:
            if waiting and (not reading or waiting[-1].first_at <= reading[0][0]):
                messages = self._messages(waiting.pop())
                number = len(waiting)
            else:
                _, _, number, told, messages = heapq.heappop(reading)
                yield told
            if (following := next(messages, None)) is not None:
                heapq.heappush(reading, (following.at, following.id, number, following, messages))

    def _messages(self, export: Export) -> Iterator[Told]:
        where, before = self._places[export.path], 0
        answered: set[str] = set()
        told = Told(export.first_at, 0, [])
        for number, piece in enumerate(cut(export.path)):
            self.done += piece.end - before
            before = piece.end
            if number == 0:
                continue
            try:
                message: schema.Message = schema.read_message(piece.text)
            except ValidationError as error:
                yield told._replace(lines=[_refused(export.path, number, error)])
                continue
            if message["timestamp"] > self._latest:
                yield told._replace(lines=[_future(export.path, number, message)])
                continue
            lines: list[ActivityEvent | RefusedLine] = [
                event
                for event in self._events(message, where, export.is_whole)
                if not (event.kind == "thread_answered" and _known(event.id, answered))
            ]
            told = Told(message["timestamp"], int(message["id"]), lines)
            yield told
        self.done += export.size - before

    def _events(
        self, message: schema.Message, where: Where, is_whole: bool
    ) -> Iterator[ActivityEvent]:
        at, author = message["timestamp"], _who(message["author"])
        if message["type"] == schema.THREAD_CREATED:
            thread = (message.get("reference") or {}).get("channelId")
            if thread:
                self._starters.setdefault(thread, author.id)
                yield discord_events.thread_started(thread, author, at, where)
        if message["type"] not in schema.WRITTEN:
            return
        text = fingerprints.told_of(
            message.get("content", ""),
            self._key,
            stickers=(sticker["id"] for sticker in message.get("stickers", ())),
            files=(
                f"{file['fileName']} {file['fileSizeBytes']}"
                for file in message.get("attachments", ())
            ),
        )
        yield discord_events.written(message["id"], author, at, where, text)
        yield from self._of_thread(author, at, where, is_whole)
        yield from _reactions(message, author, at, where)

    def _of_thread(
        self, author: Who, at: datetime, where: Where, is_whole: bool
    ) -> Iterator[ActivityEvent]:
        """Who started a thread is told by the note in its channel, else by its first message."""
        if where.thread is None:
            return
        if where.thread not in self._starters and is_whole:
            self._starters[where.thread] = author.id
            yield discord_events.thread_started(where.thread, author, at, where)
        starter = self._starters.get(where.thread)
        if starter and (answer := discord_events.thread_answered(author, at, where, starter)):
            yield answer


def _known(event_id: str, before: set[str]) -> bool:
    if event_id in before:
        return True
    before.add(event_id)
    return False


def _reactions(
    message: schema.Message, author: Who, at: datetime, where: Where
) -> Iterator[ActivityEvent]:
    """When they were given is not told: they take the message's time."""
    for one in message.get("reactions", ()):
        emoji = one["emoji"].get("id") or one["emoji"]["name"]
        users = one.get("users")
        if users:
            for user in users:
                yield from discord_events.reaction(
                    message["id"], emoji, _who(user), author, at, where
                )
        elif one["count"] > 0:
            count = min(one["count"], MOST_REACTIONS)
            yield discord_events.reactions_counted(message["id"], emoji, count, author, at, where)


def _who(user: schema.User) -> Who:
    name = user.get("nickname") or user.get("name") or ""
    roles = tuple(role["id"] for role in user.get("roles", ()))
    # PostgreSQL stores no NUL in a text.
    return Who(user["id"], name.replace("\x00", "") or None, user.get("isBot", False), roles)


def _future(path: Path, number: int, message: schema.Message) -> RefusedLine:
    at = as_text(message["timestamp"])
    said = f"{path}, message {number}: its time, {at}, lies in the future"
    return RefusedLine(number, "future", said)


def _refused(path: Path, number: int, error: ValidationError) -> RefusedLine:
    key, reason, said = faults.first_of(error)
    if reason == faults.NOT_JSON:
        raise FileRefused(f"{path}: message {number} is damaged: {said}.") from error
    return RefusedLine(number, reason, f"{path}, message {number}, key {key}: {said}")
