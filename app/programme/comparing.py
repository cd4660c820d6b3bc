"""How two programmes differ, table by table: what is new, changed or withdrawn. Pure but for
`told()`, which asks each package what else a change of its tables brings about.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, cast

from sqlalchemy.orm import Session

from app.plugins import Plugins
from app.programme.sections import Programme, Table

WORDS = {
    "community": "The community",
    "channels": "Rules for channels",
    "stations": "Station",
    "seasons": "Season",
    "sources": "Source",
    "metrics": "Metric",
    "leaderboards": "Leaderboard",
    "items": "Item",
    "achievements": "Achievement",
    "perks": "Perk",
    "partners": "Partner",
}
NEW, CHANGED, WITHDRAWN = "new", "changed", "withdrawn"


@dataclass(frozen=True)
class Change:
    """That one table of the programme is another one then."""

    section: str
    key: str
    """Empty where the section is no table of tables."""
    before: Any
    after: Any
    """Its settings; None where there are none."""

    @property
    def what(self) -> str:
        """`new`, `changed` or `withdrawn`."""
        if self.before is None:
            return NEW
        return WITHDRAWN if self.after is None else CHANGED

    @property
    def fields(self) -> tuple[str, ...]:
        """The keys of a changed table that say something else."""
        if self.what != CHANGED or not isinstance(self.after, Table):
            return ()
        return tuple(
            name
            for name in type(self.after).model_fields
            if getattr(self.before, name) != getattr(self.after, name)
        )

    @property
    def sentence(self) -> str:
        """In words."""
        kind = WORDS.get(self.section, self.section.capitalize())
        named = getattr(self.after or self.before, "name", None) or self.key
        said = f"{kind} {named}" if self.key else kind
        verb = "are" if said.startswith("Rules") else "is"
        fields = f": {', '.join(self.fields)}" if self.fields else ""
        return f"{said} {verb} {self.what}{fields}."


def lines(before: str, after: str, *, name: str, was: str = "in force") -> list[str]:
    """A unified diff of two texts, without ends of lines; empty where they are the same."""
    if before == after:
        return []
    found = unified_diff(before.splitlines(), after.splitlines(), was, name, lineterm="")
    return list(found) or ["(only the ends of lines differ)"]


def changes(before: Programme, after: Programme) -> list[Change]:
    """What is another one in `after`, section by section."""
    return [one for name in after for one in _of_section(name, before.get(name), after[name])]


def told(session: Session, community_id: int, found: Iterable[Change]) -> list[str]:
    """Changes in words, each with what else it brings about."""
    meanings = cast(Plugins, session.info["plugins"]).meanings
    said = []
    for one in found:
        meaning = (
            meanings[one.section](session, community_id, one) if one.section in meanings else ""
        )
        said.append(f"{one.sentence} {meaning}".strip())
    return said


def _of_section(name: str, before: Any, after: Any) -> Iterator[Change]:
    if not isinstance(after, Mapping):
        if (before or None) != (after or None):
            yield Change(name, "", before or None, after or None)
        return
    there: Mapping[str, Any] = before or {}
    for key in [*after, *(key for key in there if key not in after)]:
        if there.get(key) != after.get(key):
            yield Change(name, key, there.get(key), after.get(key))
