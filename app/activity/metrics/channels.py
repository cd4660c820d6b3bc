"""The programme's section `[[channels]]`: which channels are ignored, and which count for more."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter, model_validator
from sqlalchemy.orm import Session

from app.activity.events import ActivityEvent
from app.communities.roles import holding
from app.communities.settings import CommunitySection
from app.programme.loading import ProgrammeRefused
from app.programme.sections import Name, Programme, Table

IGNORED = 0


def _several(given: Any) -> Any:
    if not isinstance(given, str | list | tuple):
        raise ValueError("this should be an id in quotation marks, or a list of them")  # noqa: TRY004
    return (given,) if isinstance(given, str) else given


def _rules(given: Any) -> Any:
    if not isinstance(given, (list, tuple)):
        raise ValueError("write each rule as a table [[channels]], with two brackets")  # noqa: TRY004
    return given


Identifier = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Ids = Annotated[tuple[Identifier, ...], BeforeValidator(_several), Field(min_length=1)]


class ChannelRule(Table):
    """`[[channels]]`: what it is for, and whether or how much that counts."""

    name: Name | None = None
    """What people call it, in place of ids."""
    category: Ids | None = None
    channel: Ids | None = None
    thread: Ids | None = None
    role: Ids | None = None
    """Each that is named must fit; of several ids one is enough."""
    count: bool = True
    weight: Annotated[int, Field(ge=1, le=10)] = 1

    @model_validator(mode="after")
    def _decides(self) -> Self:
        if not self.model_fields_set & {"count", "weight"}:
            raise ValueError("say `count = false`, or a `weight`")
        if not self.count and "weight" in self.model_fields_set:
            raise ValueError("what does not count has no weight")
        return self

    def fits(self, event: ActivityEvent) -> bool:
        """Whether it is about this event."""
        return (
            self.may_fit(event)
            and (self.category is None or event.category in self.category)
            and (self.role is None or not set(self.role).isdisjoint(event.roles))
        )

    def may_fit(self, event: ActivityEvent) -> bool:
        """Whether it is about this event as far as is known of one that is stored, of which
        category and roles are not kept.
        """
        return (self.channel is None or event.channel in self.channel) and (
            self.thread is None or event.thread in self.thread
        )

    @property
    def decides(self) -> int:
        """How many times what it fits counts."""
        return self.weight if self.count else IGNORED


class NotKept(Exception):
    """What a rule asks for is not kept of events that are stored."""


class ChannelRules:
    """All rules of a programme, in the order of the file: the first that fits decides."""

    def __init__(self, rules: Sequence[ChannelRule]):
        self.rules = tuple(rules)

    @property
    def roles(self) -> set[str]:
        """The roles for which something counts, or counts for more."""
        return {role for rule in self.rules if rule.count for role in rule.role or ()}

    def without(self, bought: Collection[str]) -> "ChannelRules":
        """The same, as if nobody had these roles where that lets something count for more."""
        return ChannelRules(list(_without(self.rules, bought))) if bought else self

    def weight_of(self, event: ActivityEvent) -> int:
        """How many times it counts: once where no rule fits, `IGNORED` where it does not."""
        for rule in self.rules:
            if rule.fits(event):
                return rule.decides
        return 1

    def weigh_again(self, event: ActivityEvent) -> ActivityEvent | None:
        """An event that is stored, by these rules in place of those by which it came; None where
        they ignore it.

        Raises `NotKept` where the rule that decides asks for a category or role.
        """
        rule = next((rule for rule in self.rules if rule.may_fit(event)), None)
        if rule is not None and (rule.category is not None or rule.role is not None):
            raise NotKept
        weight = 1 if rule is None else rule.decides
        if weight == IGNORED:
            return None
        return event._replace(amount=event.amount // event.weight * weight, weight=weight)


NO_RULES = ChannelRules(())
"""Everything counts once."""


def in_force(session: Session, community_id: int, rules: ChannelRules) -> ChannelRules:
    """These rules without the roles that money buys by now; asked each time, since a role may
    become purchasable at any time.
    """
    roles = rules.roles
    return rules.without(holding.bought(session, community_id, roles)) if roles else rules


def _without(rules: Iterable[ChannelRule], bought: Collection[str]) -> Iterator[ChannelRule]:
    for rule in rules:
        if not rule.count or rule.role is None:
            yield rule
        elif left := tuple(role for role in rule.role if role not in bought):
            yield rule.model_copy(update={"role": left})


class ChannelsSection:
    """`[[channels]]`."""

    name = "channels"
    _adapter = TypeAdapter(Annotated[tuple[ChannelRule, ...], BeforeValidator(_rules)])

    def validate(self, content: Any) -> tuple[ChannelRule, ...]:
        """The rules; raises pydantic's `ValidationError`."""
        return self._adapter.validate_python(content if content is not None else ())

    def check(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """A rule behind one that fits everything is never asked."""
        rules: tuple[ChannelRule, ...] = programme[self.name]
        for rule in rules[:-1]:
            if rule.model_fields_set <= {"name", "count", "weight"}:
                yield "", "a rule without a channel fits everything: those below it say nothing"

    def apply(self, session: Session, programme: Programme, now: Any) -> None:
        """What was taken in before stays as it was counted; raises `ProgrammeRefused` where a role
        that money buys lets something count.
        """
        community_id = CommunitySection().id_of(session, programme)
        rules: tuple[ChannelRule, ...] = programme[self.name]
        roles = ChannelRules(rules).roles
        if community_id is None or not roles:
            return
        bought = holding.bought(session, community_id, roles)
        wrong = [
            f"[{self.name}.{number}]: it lets count what is done with role {bought[role].name}, "
            f"but {bought[role].how}: money buys no counts."
            for number, rule in enumerate(rules)
            if rule.count
            for role in rule.role or ()
            if role in bought
        ]
        if wrong:
            raise ProgrammeRefused(wrong)

    def is_applied(self, session: Session, programme: Programme) -> bool:
        """It is."""
        return True

    def windows(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """Counts nothing."""
        return ()

    def metrics(self, programme: Programme) -> Mapping[str, Any]:
        """Implies none."""
        return {}
