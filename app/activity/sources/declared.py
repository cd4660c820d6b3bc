"""The programme's section `[sources.KEY]`: other platforms, and the kinds that each may send."""

from collections.abc import Iterable
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator

from app.communities.members import OUR_OWN
from app.programme.sections import Key, Name, NamedTables, Programme, Table

Address = Annotated[str, StringConstraints(pattern=r"^[!-~]+$", max_length=200)]
"""A URI or a part of one, as CloudEvents has it for `source`."""


class SourceSettings(Table):
    """`[sources.KEY]`: a platform that sends events of these kinds with a key of its own."""

    name: Name
    kinds: Annotated[tuple[Key, ...], Field(min_length=1)]
    paid: tuple[Key, ...] = ()
    """The kinds that money can buy; in the file `true` stands for all of them."""
    oldest_days: Annotated[int, Field(ge=1, le=36_500)] = 30
    """An event that is older is refused: a clock that stands wrong shall make nobody a veteran."""
    uri: Address | None = None
    """What its events say in `source`, where that is not its key."""

    @field_validator("paid", mode="before")
    @classmethod
    def _all_of_them(cls, given: Any, known: ValidationInfo) -> Any:
        if isinstance(given, bool):
            return known.data.get("kinds", ()) if given else ()
        return given

    @model_validator(mode="after")
    def _paid_kinds_are_its_own(self) -> Self:
        if strange := {*self.paid} - {*self.kinds}:
            raise ValueError(f"`paid` names {', '.join(sorted(strange))}, which `kinds` does not")
        return self

    def is_called(self, key: str, source: str) -> bool:
        """Whether an event that names this `source` is its own."""
        return source == (self.uri or key)


class SourcesSection(NamedTables[SourceSettings]):
    """`[sources.KEY]`."""

    def __init__(self) -> None:
        super().__init__("sources", SourceSettings)

    def check(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """What our own collectors bring in cannot come from elsewhere by the same name."""
        for key in self.of(programme):
            if key in OUR_OWN:
                yield key, f"{key} is a source of our own, which nobody sends to us"


def kinds_sent(programme: Programme) -> set[str]:
    """The kinds that the sources of a programme may send."""
    sources: dict[str, SourceSettings] = programme.get("sources") or {}
    return {kind for source in sources.values() for kind in source.kinds}


def kinds_of(metric: str, programme: Programme) -> tuple[str, ...]:
    """The kinds of event that move a metric, defined or not."""
    defined = programme["metrics"].get(metric)
    return defined.kinds if defined else (metric,)


def bought(metric: str, programme: Programme) -> str | None:
    """A sentence where money can buy what moves a metric."""
    sources: dict[str, SourceSettings] = programme.get("sources") or {}
    for key, source in sources.items():
        paid = sorted({*kinds_of(metric, programme)} & {*source.paid})
        if paid:
            return f"money can buy {paid[0]}, as [sources.{key}] says: nothing is granted for it"
    return None
