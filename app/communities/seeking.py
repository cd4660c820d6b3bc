"""Looking for members by how people say their names: without accents, in any case, in part."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, case, select
from sqlalchemy.orm import Session

from app.communities.models import Identity, Member
from app.database import can_be_kept
from app.statements import table_of

SHORTEST = 2
LONGEST = 200
"""Of all names of a member together: an index takes no row without end."""
START = "\n"
"""Before each name, so that those that begin with a text are told from those that hold it."""

_member, _identity = table_of(Member).c, table_of(Identity).c


def fold(name: str) -> str:
    """A name as it is looked for: `Ädá  Lovelace` is `ada lovelace`."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(plain.split())


def sought(names: Iterable[str | None]) -> str:
    """A member's names, each once, as `seek()` looks through them.

    A name of digits alone is a number that some platform gave, and no name that anybody says.
    """
    folded = {fold(name): None for name in names if name and not name.isdecimal()}
    return "".join(START + name for name in folded if name)[:LONGEST]


def seek(session: Session, community_id: int, text: str, *, at_most: int) -> Sequence[Row[Any]]:
    """Members (`id`, `display_name`) whose names hold a text, those that begin with it first.

    Nobody for a text that, folded, is shorter than two characters. As SQLite and PostgreSQL read
    one index of a community for it, 100,000 members take some tens of milliseconds.
    """
    wanted = fold(text.removeprefix("@"))
    if len(wanted) < SHORTEST or not can_be_kept(wanted):
        return []
    begins = _member.sought.contains(START + wanted, autoescape=True)
    word = _member.sought.contains(" " + wanted, autoescape=True)
    found = (
        select(_member.id)
        .where(
            _member.community_id == community_id,
            _member.sought.contains(wanted, autoescape=True),
        )
        .order_by(case((begins, 0), (word, 1), else_=2), _member.sought, _member.id)
        .limit(at_most)
    )
    ids = list(session.scalars(found))
    rows = session.execute(
        select(_member.id, _member.display_name, _member.person_id).where(_member.id.in_(ids))
    )
    by_id: dict[int, Any] = {row.id: row for row in rows}
    return [by_id[member] for member in ids]


def other_names(session: Session, people: Sequence[Row[Any]]) -> dict[int, str]:
    """By member, of what `seek()` found: what else they are called, to tell two of a name apart."""
    by_person = {row.person_id: row for row in people}
    rows = session.execute(
        select(_identity.person_id, _identity.display_name, _identity.external_id)
        .where(_identity.person_id.in_(list(by_person)))
        .order_by(_identity.source, _identity.external_id)
    )
    told: dict[int, str] = {}
    for row in rows:
        member = by_person[row.person_id]
        for name in (row.display_name, row.external_id):
            if name and not name.isdecimal() and fold(name) != fold(member.display_name):
                told.setdefault(member.id, name)
    return told
