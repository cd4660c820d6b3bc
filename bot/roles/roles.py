"""Who holds which roles, as Discord tells it, and which roles money buys.

Kept is who holds a role that an achievement or a rule for channels asks for. With the intent for
members Discord tells of each change; without it, what somebody does tells which roles they have,
and after a gap Discord is asked about those who were active lately.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import NamedTuple

import discord

from app.achievements.grants.by_role import Holder
from app.communities.roles.holding import Role
from app.installation import Installation
from bot.place import Place
from bot.roles import kept as kept
from bot.roles.guild_roles import roles_of
from bot.roles.kept import Account

WRITE_EVERY = 0.3
AFTER_AN_ERROR = 2.0
CHUNK_WITHIN = 600.0
"""Seconds in which Discord tells all members of a guild: it takes some for each 100,000."""
ASKED_AT_ONCE = 100
"""Discord tells of so many named members at a time."""
LOOKED_AT_ONCE = 500
NONE: frozenset[str] = frozenset()

log = logging.getLogger(__name__)


class Look(NamedTuple):
    """For which roles a guild was looked at, and whether Discord told all."""

    asked: frozenset[str]
    is_whole: bool


class Roles:
    """Keeps what was told of roles until it is in the database, the newest of each account."""

    def __init__(self, installation: Installation, place: Place, *, sees_members: bool):
        self._where = installation, place.community_id
        self._place, self._sees_members = place, sees_members
        self._asked: frozenset[str] = NONE
        self._told: dict[Account, frozenset[str]] = {}
        self._waiting: dict[Account, Holder] = {}
        self._changed: dict[str, discord.Guild | None] = {}
        self._suspended: dict[str, str] = {}
        self._looked: dict[int, Look] = {}
        self._heard: set[Account] = set()
        """Of whom the gateway told since a look began, which is newer than what the look finds."""
        self._writing, self._looking = asyncio.Lock(), asyncio.Lock()

    def saw(self, person: discord.User | discord.Member | None) -> None:
        """Notes which roles somebody has, as far as they are asked for."""
        if not self._asked or not isinstance(person, discord.Member) or person.bot:
            return
        if self._place.serves(person.guild.id):
            self._hear(_account(person))
            self._note_member(person)

    def left(self, guild_id: int, user_id: int) -> None:
        """Notes that somebody is in a guild no longer."""
        if self._place.serves(guild_id):
            account = Account(str(guild_id), str(user_id))
            self._hear(account)
            self._note(account, Holder(NONE))

    def changed(self, guild: discord.Guild, *, is_gone: bool = False) -> None:
        """Notes that a guild's roles are others now, or that the bot is there no longer."""
        if self._place.serves(guild.id):
            self._changed[str(guild.id)] = None if is_gone else guild

    async def look_at(self, guilds: Iterable[discord.Guild]) -> None:
        """Brings all up to what Discord tells now, a guild after another, beside everything else:
        which roles there are and who holds them, also of who came, changed or left unseen.
        """
        async with self._looking:
            served = [guild for guild in guilds if self._place.serves(guild.id)]
            for guild in served:
                self.changed(guild)
            await self.write_rest()
            self._asked, known = await self._remember()
            for guild in served:
                there = [int(one.user) for one in known if one.guild == str(guild.id)]
                self._looked[guild.id] = Look(self._asked, await self._has_looked(guild, there))
            await self.write_rest()

    async def look_if_due(self, guilds: Iterable[discord.Guild], *, again: bool) -> None:
        """Looks at the guilds once more where the programme asks for other roles by now; with
        `again` also at those that could not be looked at, and forgets who was erased.
        """
        if self._looking.locked():
            return
        if again:
            asked, _ = await self._remember()
        else:
            asked = await asyncio.to_thread(kept.asked, *self._where)
        due = [guild for guild in guilds if self._is_due(guild.id, asked, again)]
        if due:
            await self.look_at(due)

    async def _remember(self) -> tuple[frozenset[str], dict[Account, frozenset[str]]]:
        """Remembers what is in the database and what is about to be written, and nothing else: who
        was erased would be taken for somebody of whom all is known.
        """
        async with self._writing:
            asked, known = await asyncio.to_thread(kept.read, *self._where)
            self._told = known | {one: held.roles for one, held in self._waiting.items()}
        return asked, known

    def _is_due(self, guild_id: int, asked: frozenset[str], again: bool) -> bool:
        look = self._looked.get(guild_id)
        if look is None or not look.is_whole:
            return again and self._place.serves(guild_id)
        return look.asked != asked

    async def write_for_ever(self) -> None:
        """Writes what was told, a few times a second, until it is cancelled."""
        while True:
            await asyncio.sleep(WRITE_EVERY)
            try:
                await self.write_rest()
            except Exception:
                log.exception("what was told of roles waits, since it could not be written")
                await asyncio.sleep(AFTER_AN_ERROR)

    async def write_rest(self) -> None:
        """Writes all that was told so far."""
        async with self._writing:
            if not self._waiting and not self._changed:
                return
            waiting, changed = self._waiting, self._changed
            self._waiting, self._changed = {}, {}
            guilds = {key: roles_of(guild) for key, guild in changed.items()}
            try:
                await asyncio.to_thread(self._write, guilds, waiting)
            except BaseException:
                # What was told since is newer.
                self._waiting = waiting | self._waiting
                self._changed = changed | self._changed
                raise

    async def _has_looked(self, guild: discord.Guild, known: Sequence[int]) -> bool:
        if not self._asked and not known:
            return True
        try:
            await self._look_at_guild(guild, known)
        except (TimeoutError, discord.DiscordException) as error:
            log.warning("Who holds which role in %s was not told: %s", guild, error)
            return False
        return True

    async def _look_at_guild(self, guild: discord.Guild, known: Sequence[int]) -> None:
        """By what Discord tells now: what is remembered of a member may be older."""
        self._heard.clear()
        there: set[int] = set()
        async for some in self._told_of(guild, known):
            for member in some:
                there.add(member.id)
                if not member.bot and _account(member) not in self._heard:
                    self._note_member(member)
            await self.write_rest()
        for user in set(known) - there:
            account = Account(str(guild.id), str(user))
            if account not in self._heard:
                self._note(account, Holder(NONE))

    async def _told_of(
        self, guild: discord.Guild, known: Sequence[int]
    ) -> AsyncIterator[Sequence[discord.Member]]:
        """All members, some at a time; without the intent those who may have a role: who was known
        to hold one, is in voice, or did something lately.
        """
        if self._sees_members:
            every = await asyncio.wait_for(guild.chunk(), CHUNK_WITHIN)
            for start in range(0, len(every), LOOKED_AT_ONCE):
                yield every[start : start + LOOKED_AT_ONCE]
            return
        lately = await asyncio.to_thread(kept.lately, *self._where) if self._asked else []
        likely = dict.fromkeys([*known, *(member.id for member in guild.members)])
        users = list(likely | dict.fromkeys(int(one) for one in lately if one.isdecimal()))
        for start in range(0, len(users), ASKED_AT_ONCE):
            some = users[start : start + ASKED_AT_ONCE]
            yield await guild.query_members(user_ids=some, cache=False)

    def _note_member(self, member: discord.Member) -> None:
        held = self._asked.intersection(str(role.id) for role in member.roles)
        self._note(_account(member), Holder(held, member.display_name))

    def _note(self, account: Account, holder: Holder) -> None:
        if holder.roles != self._told.get(account, NONE):
            self._told[account], self._waiting[account] = holder.roles, holder

    def _hear(self, account: Account) -> None:
        if self._looking.locked():
            self._heard.add(account)

    def _write(self, guilds: Mapping[str, list[Role]], waiting: Mapping[Account, Holder]) -> None:
        suspended = kept.write(*self._where, guilds, waiting)
        for key in sorted(suspended.keys() - self._suspended.keys()):
            log.warning("Achievement %s is suspended: %s.", key, suspended[key])
        self._suspended = suspended


def _account(member: discord.Member) -> Account:
    return Account(str(member.guild.id), str(member.id))
