"""Who holds which roles, as Discord tells it, and which roles money buys.

Kept is who holds a role that an achievement or a rule for channels asks for. With the intent for
members Discord tells of each change; without it, what somebody does tells which roles they have.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import discord

from app import clock
from app.achievements import by_role, suspending
from app.achievements.by_role import Holder
from app.communities import members
from app.communities.members import DISCORD
from app.communities.roles import holding
from app.communities.roles.holding import Role
from app.installation import Installation
from app.programme.applying import current
from bot.place import Place

WRITE_EVERY = 0.3
AFTER_AN_ERROR = 2.0
CHUNK_WITHIN = 600.0
"""Seconds in which Discord tells all members of a guild: it takes some for each 100,000."""
ASKED_AT_ONCE = 100
"""Discord tells of so many named members at a time."""
LOOKED_AT_ONCE = 500
NONE: frozenset[str] = frozenset()

log = logging.getLogger(__name__)


class Account(NamedTuple):
    """Somebody in one of the guilds."""

    guild: str
    user: str


class Roles:
    """Keeps what was told of roles until it is in the database, the newest of each account."""

    def __init__(self, installation: Installation, place: Place, *, sees_members: bool):
        self._installation, self._place, self._sees_members = installation, place, sees_members
        self._asked: frozenset[str] = NONE
        self._told: dict[Account, frozenset[str]] = {}
        self._waiting: dict[Account, Holder] = {}
        self._changed: dict[str, discord.Guild | None] = {}
        self._suspended: dict[str, str] = {}
        self._writing, self._looking = asyncio.Lock(), asyncio.Lock()

    def saw(self, person: discord.User | discord.Member | None) -> None:
        """Notes which roles somebody has, as far as they are asked for."""
        if not self._asked or not isinstance(person, discord.Member) or person.bot:
            return
        if self._place.serves(person.guild.id):
            held = self._asked.intersection(str(role.id) for role in person.roles)
            account = Account(str(person.guild.id), str(person.id))
            self._note(account, Holder(held, person.display_name))

    def left(self, guild_id: int, user_id: int) -> None:
        """Notes that somebody is in a guild no longer."""
        if self._place.serves(guild_id):
            self._note(Account(str(guild_id), str(user_id)), Holder(NONE))

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
            async with self._writing:
                self._asked, known = await asyncio.to_thread(self._read)
                self._told = known | {one: held.roles for one, held in self._waiting.items()}
            for guild in served if self._asked or known else ():
                try:
                    there = [int(one.user) for one in known if one.guild == str(guild.id)]
                    await self._look_at_guild(guild, there)
                except (TimeoutError, discord.DiscordException) as error:
                    log.warning("Who holds which role in %s was not told: %s", guild, error)
            await self.write_rest()

    async def look_if_asked(self, guilds: Iterable[discord.Guild]) -> None:
        """Looks at all once more where the programme asks for other roles by now."""
        if await asyncio.to_thread(self._read_asked) != self._asked and not self._looking.locked():
            await self.look_at(guilds)

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
            guilds = {key: _roles_of(guild) for key, guild in changed.items()}
            try:
                await asyncio.to_thread(self._write, guilds, waiting)
            except BaseException:
                # What was told since is newer.
                self._waiting = waiting | self._waiting
                self._changed = changed | self._changed
                raise

    async def _look_at_guild(self, guild: discord.Guild, known: Sequence[int]) -> None:
        if self._sees_members:
            await asyncio.wait_for(guild.chunk(), CHUNK_WITHIN)
        for place, member in enumerate(list(guild.members), start=1):
            self.saw(member)
            if place % LOOKED_AT_ONCE == 0:
                await self.write_rest()
        unseen = [user for user in known if guild.get_member(user) is None]
        for start in range(0, len(unseen), ASKED_AT_ONCE):
            some = unseen[start : start + ASKED_AT_ONCE]
            found: list[discord.Member] = []
            if not self._sees_members:
                found = await guild.query_members(user_ids=some, cache=False)
            for member in found:
                self.saw(member)
            for user in set(some) - {member.id for member in found}:
                self.left(guild.id, user)

    def _note(self, account: Account, holder: Holder) -> None:
        if holder.roles != self._told.get(account, NONE):
            self._told[account], self._waiting[account] = holder.roles, holder

    def _read_asked(self) -> frozenset[str]:
        with self._installation.reading() as session:
            return by_role.asked(current(session, self._place.community_id))

    def _read(self) -> tuple[frozenset[str], dict[Account, frozenset[str]]]:
        """The roles that are asked for, and who is known to hold which."""
        community_id = self._place.community_id
        with self._installation.reading() as session:
            held = holding.held_by_guild(session, community_id)
            every = {member_id for _, member_id in held}
            names = members.identities_of(session, every, DISCORD)
            asked = by_role.asked(current(session, community_id))
        return asked, {
            Account(guild, names[member_id]): roles
            for (guild, member_id), roles in held.items()
            if member_id in names
        }

    def _write(self, guilds: Mapping[str, list[Role]], waiting: Mapping[Account, Holder]) -> None:
        by_guild: defaultdict[str, dict[str, Holder]] = defaultdict(dict)
        for account, holder in waiting.items():
            by_guild[account.guild][account.user] = holder
        with self._installation.unit_of_work() as session:
            community_id, now = self._place.community_id, clock.now()
            programme = current(session, community_id)
            where = session, community_id, programme
            for guild, roles in sorted(guilds.items()):
                by_role.note_guild(*where, guild, roles, now=now)
            for guild, held in sorted(by_guild.items()):
                by_role.note_members(*where, DISCORD, guild, held, now=now)
            table = programme["achievements"]
            suspended = suspending.bought_roles(session, community_id, table)
        for key in sorted(suspended.keys() - self._suspended.keys()):
            log.warning("Achievement %s is suspended: %s.", table[key].name, suspended[key])
        self._suspended = suspended


def _roles_of(guild: discord.Guild | None) -> list[Role]:
    return [Role(str(one.id), one.name, tag_of(one)) for one in guild.roles] if guild else []


def tag_of(role: discord.Role) -> str | None:
    """By what money buys a role; None where it does not."""
    tags = role.tags
    if tags is None:
        return None
    if tags.is_premium_subscriber():
        return "booster"
    if tags.is_available_for_purchase():
        return "purchasable"
    return "subscription" if tags.subscription_listing_id else None
