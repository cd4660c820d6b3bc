"""What packages hand over when they are plugged in: a plain object, without Flask in it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from app.refusals import Refused

if TYPE_CHECKING:
    import click


class PluginRefused(Refused):
    """A package cannot be plugged in; the text says which and why."""

    code = "bad_plugin"


@dataclass(frozen=True)
class Follower:
    """One that wants to know of a kind of fact: a job handler's name, and that handler's lane."""

    job: str
    lane: str


@dataclass(frozen=True)
class JobHandler:
    """Does jobs of one kind.

    `run(installation, job)` may be called again for the same job after a crash, so what must count
    once is keyed. It finishes the job itself, in the transaction of its own effect:
    `jobs.loop.effect_of` is that transaction.
    """

    kind: str
    lane: str
    run: Callable[[Any, Any], None]


@dataclass(frozen=True)
class Tick:
    """Work that is looked at every so many seconds by the worker; it returns what it did."""

    name: str
    every: float
    run: Callable[[Any], int]


@dataclass(frozen=True)
class DemoStep:
    """Part of filling the demo: `run(installation, tell)` calls `tell(done, of)` as it goes.

    Repeating a step changes nothing.
    """

    name: str
    run: Callable[[Any, Callable[[int, int], None]], None]


class Section(Protocol):
    """A section of the programme file: its name, its pydantic type and how it is applied."""

    name: str

    def validate(self, content: Any) -> Any:
        """The section as its own type; raises pydantic's `ValidationError`."""

    def check(self, programme: Any) -> Iterable[tuple[str, str]]:
        """(key, sentence) for what is wrong between sections."""

    def apply(self, session: Any, programme: Any, now: Any) -> None:
        """Brings the section's tables up to the programme, in the caller's transaction."""

    def is_applied(self, session: Any, programme: Any) -> bool:
        """Whether its tables are as this version of the code would have them, once applied."""

    def windows(self, programme: Any) -> Iterable[tuple[str, str]]:
        """(metric, kind of window) in which the section wants it counted."""

    def metrics(self, programme: Any) -> Mapping[str, Any]:
        """Metrics that the section implies, by key: nobody has to define them."""


@dataclass
class Plugins:
    """Everything that the packages of one installation handed over."""

    followers: dict[str, list[Follower]] = field(default_factory=dict)
    handlers: dict[str, JobHandler] = field(default_factory=dict)
    lanes: dict[str, int] = field(default_factory=lambda: {"worker": 1})
    ticks: list[Tick] = field(default_factory=list)
    reward_channels: dict[str, Any] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    commands: list[click.Command] = field(default_factory=list)
    pages: list[Callable[[Plugins], None]] = field(default_factory=list)
    """Called before an application is made, to add what needs Flask: commands start without it."""
    blueprints: list[Any] = field(default_factory=list)
    set_ups: list[Callable[[Any, Any], None]] = field(default_factory=list)
    """(Flask application, settings): called once as the application is made."""
    authenticators: list[Callable[..., Any]] = field(default_factory=list)
    """(installation, request, remembered=) → a `Caller` or None. With `remembered` it may tell from
    memory who calls: the view asks again in its own transaction."""
    arrivals: dict[str, Callable[[Any, str], Any]] = field(default_factory=dict)
    """Where people go who signed in by Discord, by a name: (installation, their account's id) →
    the answer that signs their browser in."""
    scanners: Callable[[Any, Collection[bytes]], dict[bytes, Any]] = lambda _session, _known: {}
    """(session, hashes of secrets) → who may scan, by the hash: asked in the transaction that
    judges a scan, as what admitted the request may be out of date."""
    operators: Callable[
        [Any, Collection[tuple[int, str, str]]], dict[tuple[int, str, str], Any]
    ] = lambda _session, _named: {}
    """(session, (community id, operator id, device id)) → who may hold devices, and where they are
    signed in; withdrawn ones as well."""
    act_once: Callable[[Any, str, str, Any], bool] = lambda _session, _device, _operator, _now: (
        False
    )
    """(session, device id, operator id, now) → whether their PIN was given there for one request
    that was not made yet: this is it."""
    unserved: Callable[[Any, Collection[str], str], set[str]] = lambda _session, _holders, _at: (
        set()
    )
    """(session, those to whom stock is promised, a station's key) → whom that station never
    serves."""
    undo_checks: list[Callable[[Any, Any], None]] = field(default_factory=list)
    """(session, a redemption's id): raises `Refused` where what came of it has to come back first.
    Asked in the transaction that undoes it, with its row locked."""
    signers: list[Any] = field(default_factory=list)
    """Objects with `public_key` (32 bytes) and `sign(message)`, which sign vouchers with an Ed25519
    key that they never hand out, such as a hardware module's: see `voucher.keys.signers.Signer`."""
    panels: list[Any] = field(default_factory=list)
    memory: dict[Any, Any] = field(default_factory=dict)
    """What this process may remember because it never changes, or for a few seconds only."""
    meanings: dict[str, Callable[[Any, int, Any], str]] = field(default_factory=dict)
    """By section of the programme: (session, community id, an `app.programme.comparing.Change`) →
    what else that change brings about, as a sentence, or an empty text. It changes nothing."""
    member_parts: dict[str, Callable[[Any, Any], Any]] = field(default_factory=dict)
    """(session, member) → JSON: what each package knows of a member, by its name."""
    member_erasures: dict[str, Callable[[Any, Any, Any], None]] = field(default_factory=dict)
    """(session, member, an `app.communities.erasing.Erasing`): erases a part of what is known of a
    member, by its name, in the caller's transaction. Safe to repeat."""
    member_merges: dict[str, Callable[[Any, Any], None]] = field(default_factory=dict)
    """(session, an `app.communities.merging.Merge`): gives a member all that a package has of
    another one, who is the same person, in the caller's transaction."""
    demo_steps: list[DemoStep] = field(default_factory=list)
    addresses: list[Callable[[Any], list[tuple[str, str]]]] = field(default_factory=list)
    """What `run` prints, as (label, address) pairs, asked once the web process answers."""
    preparations: list[Callable[[Any], None]] = field(default_factory=list)
    """Called once by `migrate`, after the tables and the programme stand."""
    start_checks: list[Callable[[Any], None]] = field(default_factory=list)
    """Called by each process as it starts; raises with a sentence where it must not run."""

    def add_pages(self) -> None:
        """Lets each package add what needs Flask: once, however many applications are made."""
        while self.pages:
            self.pages.pop(0)(self)

    def follow(self, kind: str, handler: JobHandler) -> None:
        """Lets `handler` do one job for each fact of this kind, recorded with the fact."""
        self.handle(handler)
        self.followers.setdefault(kind, []).append(Follower(handler.kind, handler.lane))

    def handle(self, handler: JobHandler) -> None:
        """Adds a handler of jobs; another one of the same kind is refused."""
        if self.handlers.get(handler.kind, handler) is not handler:
            raise PluginRefused(f"Two packages handle jobs of kind {handler.kind}.")
        self.handlers[handler.kind] = handler
        self.lanes.setdefault(handler.lane, 1)

    def add_section(self, section: Section) -> None:
        """Adds a section of the programme file; a second one of the same name is refused."""
        if section.name in self.sections:
            raise PluginRefused(f"Two packages define the programme section {section.name}.")
        self.sections[section.name] = section


def plug_in_all(packages: Iterable[str]) -> Plugins:
    """Calls each package's `plugin.plug_in(plugins)`, in the given order."""
    plugins = Plugins()
    for name in packages:
        try:
            module = importlib.import_module(f"{name}.plugin")
        except ModuleNotFoundError as error:
            if error.name not in (name, f"{name}.plugin"):
                raise
            raise PluginRefused(f"Package {name} has no module {name}.plugin.") from error
        module.plug_in(plugins)
    return plugins
