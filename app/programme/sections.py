"""What a section of the programme file is made of; each package brings its own."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter
from sqlalchemy.orm import Session

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""How things are named in the file: lower case, digits and underscores."""

Day = Annotated[date, Field(ge=date(1970, 1, 1), le=date(9998, 12, 31))]
"""A day of the file: one that has a day before and after it in every zone."""

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class Table(BaseModel):
    """A table of the file: unknown keys are refused, since a typing error must not pass."""

    model_config = ConfigDict(extra="forbid", frozen=True)


T = TypeVar("T", bound=Table)

Programme = Mapping[str, Any]
"""A validated programme: section name → that section's own type."""


class NamedTables(Generic[T]):
    """A section of tables by key, as `[perks.pin]`; the usual kind."""

    def __init__(self, name: str, table: type[T]):
        self.name = name
        self._adapter = TypeAdapter(dict[Key, table])  # type: ignore[valid-type]

    def validate(self, content: Any) -> dict[str, T]:
        """The tables by key; raises pydantic's `ValidationError`."""
        return self._adapter.validate_python(content or {})

    def of(self, programme: Programme) -> dict[str, T]:
        """This section of a validated programme."""
        tables: dict[str, T] = programme[self.name]
        return tables

    def check(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """(key, sentence) for what is wrong between sections: nothing, unless overridden."""
        return ()

    def apply(self, session: Session, programme: Programme, now: datetime) -> None:
        """Brings the section's tables up to the programme: none, unless overridden."""

    def is_applied(self, session: Session, programme: Programme) -> bool:
        """Whether its tables are as this version of the code would have them, once applied: they
        are, unless overridden.
        """
        return True

    def windows(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """(metric, kind of window) in which the section wants it counted: none, unless overridden.

        Kinds are those of `app.activity.windows`; one, or all time, as far as a day is named as
        its `as_far_as()` names it.
        """
        return ()

    def metrics(self, programme: Programme) -> Mapping[str, Any]:
        """Metrics that the section implies, by key, as `[metrics.KEY]`: none, unless overridden."""
        return {}
