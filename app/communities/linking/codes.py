"""Codes that link an account elsewhere to a member: shown in one place, entered in the other.

Eight characters of Douglas Crockford's base32 (https://www.crockford.com/base32.html) are 40 bits:
few enough to type, and enough where guesses are few and a code lasts for minutes.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, delete, or_, select, tuple_, update
from sqlalchemy.orm import Session

from app import credentials
from app.clock import as_text
from app.communities.linking.models import LinkCode, LinkGuess
from app.communities.merging import Merge
from app.communities.models import Identity
from app.refusals import Refused
from app.statements import insert_or, table_of

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
LASTS = timedelta(minutes=15)
GUESSES = 10
"""Wrong ones that somebody may enter in a time; then none of theirs is looked at until its end."""
GUESSES_COUNTED = timedelta(minutes=15)
_AS_MEANT = str.maketrans("OIL", "011", " -\t")
_code, _guess = table_of(LinkCode).c, table_of(LinkGuess).c


class WrongCode(Refused):
    """No such code is waiting for whoever entered it."""

    code = "wrong_code"
    status = 404


class TooManyGuesses(Refused):
    """There were too many wrong codes: none is looked at until `until`."""

    code = "too_many_guesses"
    status = 429


@dataclass(frozen=True)
class Account:
    """What a source calls somebody."""

    source: str
    external_id: str
    display_name: str | None = None


@dataclass(frozen=True)
class Shown:
    """A new code, as it is shown once, and until when it can be entered."""

    code: str
    until: datetime

    @property
    def in_parts(self) -> str:
        """As people read it out: `7K3M-Q9XD`."""
        return f"{self.code[:4]}-{self.code[4:]}"


def for_member(session: Session, community_id: int, member_id: int, *, now: datetime) -> Shown:
    """A code for a member to enter elsewhere; the one before it is none any more."""
    return _new(session, community_id, now, member_id=member_id)


def for_account(session: Session, community_id: int, account: Account, *, now: datetime) -> Shown:
    """A code for who has an account elsewhere to enter here; the one before it is none any more."""
    return _new(session, community_id, now, **vars(account))


def use_members(session: Session, community_id: int, code: str, *, now: datetime) -> int | None:
    """Uses up a code that was shown to a member; their id, or None where there is no such code."""
    row = _use(session, community_id, code, _code.member_id.is_not(None), now)
    return row.member_id if row is not None else None


def use_accounts(
    session: Session, community_id: int, code: str, *, now: datetime
) -> Account | None:
    """Uses up a code that was shown elsewhere; the account, or None where there is none such."""
    row = _use(session, community_id, code, _code.member_id.is_(None), now)
    return Account(row.source, row.external_id, row.display_name) if row is not None else None


def count_guess(session: Session, community_id: int, guesser: str, *, now: datetime) -> None:
    """Counts a guess as wrong before it is looked at; `forgive()` takes that back.

    Whoever guesses at once waits here for each other. Raises `TooManyGuesses`.
    """
    statement = insert_or(session, table_of(LinkGuess)).values(
        community_id=community_id, guesser=_hidden(guesser), since=now, wrong=1
    )
    goes_on = and_(_guess.since > now - GUESSES_COUNTED, _guess.since <= now)
    counted = session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["community_id", "guesser"],
            set_={
                "since": case((goes_on, _guess.since), else_=now),
                "wrong": case((goes_on, _guess.wrong + 1), else_=1),
            },
        ).returning(_guess.since, _guess.wrong)
    )
    row = counted.one()
    if row.wrong > GUESSES:
        until = row.since + GUESSES_COUNTED
        raise TooManyGuesses(
            "There were too many wrong codes: wait a quarter of an hour, then ask for a new one.",
            until=as_text(until),
        )


def forgive(session: Session, community_id: int, guesser: str) -> None:
    """It was right, and is not counted; what was wrong before it stays so."""
    session.connection().execute(
        update(table_of(LinkGuess))
        .where(_guess.community_id == community_id, _guess.guesser == _hidden(guesser))
        .values(wrong=_guess.wrong - 1)
    )


def forget(session: Session, member: Any, _how: Any = None) -> None:
    """Deletes the codes that a member was shown, here or where they have an account."""
    accounts = select(Identity.source, Identity.external_id).where(
        Identity.person_id == member.person_id
    )
    theirs = or_(
        _code.member_id == member.id, tuple_(_code.source, _code.external_id).in_(accounts)
    )
    session.connection().execute(
        delete(table_of(LinkCode)).where(_code.community_id == member.community_id, theirs)
    )


def merge(session: Session, how: Merge) -> None:
    """Who is merged into another member enters none of their codes any more."""
    session.connection().execute(delete(table_of(LinkCode)).where(_code.member_id == how.merged.id))


def prune(session: Session, *, now: datetime) -> int:
    """Deletes codes that ended and guesses that no longer count; returns how many there were."""
    deleted = 0
    for table, is_over in (
        (table_of(LinkCode), _code.expires_at <= now),
        (table_of(LinkGuess), _guess.since <= now - GUESSES_COUNTED),
    ):
        deleted += session.connection().execute(delete(table).where(is_over)).rowcount
    return deleted


def is_anything_over(session: Session, *, now: datetime) -> bool:
    """Whether `prune()` would delete anything."""
    codes = select(_code.code_hash).where(_code.expires_at <= now).limit(1)
    guesses = select(_guess.guesser).where(_guess.since <= now - GUESSES_COUNTED).limit(1)
    return session.scalar(codes) is not None or session.scalar(guesses) is not None


def _new(session: Session, community_id: int, now: datetime, **whose: Any) -> Shown:
    shown = Shown("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)), now + LASTS)
    for_whom = [_code[key] == value for key, value in whose.items() if key != "display_name"]
    connection = session.connection()
    connection.execute(
        delete(table_of(LinkCode)).where(_code.community_id == community_id, *for_whom)
    )
    row = {"community_id": community_id, "code_hash": _hash(shown.code), "expires_at": shown.until}
    connection.execute(table_of(LinkCode).insert(), row | whose)
    return shown


def _use(session: Session, community_id: int, code: str, shown_to: Any, now: datetime) -> Any:
    which = _code.community_id == community_id, _code.code_hash == _hash(code)
    return (
        session.connection()
        .execute(
            delete(table_of(LinkCode))
            .where(*which, shown_to, _code.expires_at > now)
            .returning(_code.member_id, _code.source, _code.external_id, _code.display_name)
        )
        .one_or_none()
    )


def _hash(code: str) -> bytes:
    """Of a code as it was meant, however it was typed."""
    return credentials.hash_of(code.upper().translate(_AS_MEANT))


def _hidden(guesser: str) -> str:
    return credentials.hash_of(guesser).hex()
