"""The programme's section `[sources.KEY]`: other platforms, and the kinds that each may send."""

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from app.programme.sections import Key, Name, NamedTables, Programme, Table

OUR_OWN = ("discord", "sample")
"""Sources that are brought in by our own collectors and commands: they have no key."""

Address = Annotated[str, StringConstraints(pattern=r"^[!-~]+$", max_length=200)]
"""A URI or a part of one, as CloudEvents has it for `source`."""


class SourceSettings(Table):
    """`[sources.KEY]`: a platform that sends events of these kinds with a key of its own."""

    name: Name
    kinds: Annotated[tuple[Key, ...], Field(min_length=1)]
    paid: Literal[True] | tuple[Key, ...] = ()
    """Whether money can buy what it sends: all of it, or these kinds."""
    uri: Address | None = None
    """What its events say in `source`, where that is not its key."""

    @model_validator(mode="after")
    def _paid_kinds_are_its_own(self) -> Self:
        strange = set() if self.paid is True else {*self.paid} - {*self.kinds}
        if strange:
            raise ValueError(f"`paid` names {', '.join(sorted(strange))}, which `kinds` does not")
        return self

    @property
    def paid_kinds(self) -> tuple[str, ...]:
        """The kinds that money can buy."""
        return self.kinds if self.paid is True else self.paid

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
    sources: dict[str, SourceSettings] = programme["sources"]
    return {kind for source in sources.values() for kind in source.kinds}


def paid_kinds(programme: Programme) -> dict[str, str]:
    """The kinds that money can buy, each with the name of a source that says so."""
    sources: dict[str, SourceSettings] = programme["sources"]
    return {kind: source.name for source in sources.values() for kind in source.paid_kinds}
