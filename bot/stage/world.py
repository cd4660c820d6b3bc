"""Builds a scene inside the simulated Discord, before the bot enters it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import simcord
from simcord.backend import Backend

from bot.stage.avatars import Pictures, give_avatars
from bot.stage.scene import Person, Scene


@dataclass(frozen=True)
class World:
    """The built server: handles through which people act."""

    guild: simcord.GuildHandle
    you: simcord.MemberActor
    members: dict[str, simcord.MemberActor]
    channels: dict[str, simcord.ChannelHandle]
    avatars: Pictures

    @property
    def direct(self) -> simcord.ChannelHandle:
        """Where the bot and the person who tries it write to each other."""
        return self.you.user.dm_channel


def build(env: simcord.Env, scene: Scene) -> World:
    """Makes guild, roles, channels and people; the order decides the ids that nobody chose."""
    backend = env.backend
    backend.bot_user.name = scene.bot_name
    owner = _user(env, Person("keeper-of-the-house", "House"))
    guild = env.create_guild(scene.guild_name, id=scene.guild_id, owner=owner)
    for role in scene.roles:
        with _next_id(backend, role.id):
            guild.create_role(role.name)
    channels = {}
    for place in scene.places:
        with _next_id(backend, place.id):
            channels[place.name] = guild.create_text_channel(place.name, topic=place.topic or None)
    people = (scene.you, *scene.others)
    members = {person.name: guild.add_member(_user(env, person)) for person in people}
    avatars = give_avatars(env, [member.id for member in members.values()])
    world = World(guild, members[scene.you.name], members, channels, avatars)
    # The conversation is opened here, so that its id too depends on the scene alone.
    assert world.direct.id
    return world


def say_before(env: simcord.Env, world: World, scene: Scene, *, apart: float) -> None:
    """Lays the scene's lines into the channels, `apart` seconds after one another."""
    for line in scene.lines:
        author, channel = world.members[line.by], world.channels[line.place]
        env.backend.create_message(channel.id, author.id, line.text)
        env.backend.advance_clock(apart)


def _user(env: simcord.Env, person: Person) -> simcord.UserHandle:
    with _next_id(env.backend, person.id):
        return env.create_user(person.name, global_name=person.display_name)


@contextmanager
def _next_id(backend: Backend, chosen: int | None) -> Iterator[None]:
    """Has the one thing created inside get the `chosen` id: simcord lets callers choose few."""
    if chosen is None:
        yield
        return
    backend.reserve_id(chosen)
    backend.snowflake = lambda: chosen  # type: ignore[method-assign]
    try:
        yield
    finally:
        del backend.snowflake
