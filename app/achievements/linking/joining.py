"""Linking an account elsewhere to a member: what it did before the link counts from then on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, cast

from sqlalchemy.orm import Session

from app import clock, journal
from app.achievements.evaluation import holding
from app.achievements.evaluation.asking import Dating
from app.achievements.grants import granting
from app.achievements.linking import rounds
from app.activity import merging
from app.activity.event_log import others
from app.activity.intake import recounting
from app.activity.metrics.definitions import Metric, metrics_of
from app.actor import Actor
from app.communities.erasing import is_erased
from app.communities.linking import accounts, codes
from app.communities.linking.codes import Account, WrongCode
from app.communities.merging import Merge, merge
from app.communities.turns import take_turn
from app.installation import Installation
from app.journal import Fact
from app.plugins import Plugins
from app.programme.applying import current


@dataclass(frozen=True, kw_only=True)
class MemberLinked(Fact):
    """A member showed that an account of a source is theirs; who had it before is merged into them.

    What the account is called is not in it.
    """

    kind: ClassVar[str] = "member.linked"
    member: int
    source: str
    merged: int | None


@dataclass(frozen=True)
class Linked:
    """What came of a code that was entered."""

    account: Account
    was_linked: bool
    """Whether it was theirs already: then nothing changed."""
    grants: int
    """How many achievements are theirs by it that neither had before."""


OURS = "Ask for a new one here, by /link on Discord or in your wallet."
THEIRS = "Ask for a new one there: what /link and the wallet show is entered on the other platform."
"""What who entered a wrong code can do, by where it was to be shown."""
Admit = Callable[[Session, datetime], object]
"""Raises where whoever enters a code may not do so any more; asked in the same transaction."""


def enter_here(
    installation: Installation,
    community_id: int,
    member_id: int,
    code: str,
    admit: Admit = lambda _session, _now: None,
) -> Linked:
    """A member enters a code that they were shown elsewhere.

    Raises `WrongCode`, `TooManyGuesses`, and what `link()` and `admit` raise; the code is then not
    used up.
    """

    def entered(session: Session, now: datetime) -> Linked | None:
        account = codes.use_accounts(session, community_id, code, now=now)
        if account is None:
            return None
        actor = Actor("member", str(member_id))
        return link(session, community_id, member_id, account, actor=actor, now=now)

    return _guessed(installation, community_id, f"member:{member_id}", entered, admit, THEIRS)


def enter_elsewhere(
    installation: Installation,
    community_id: int,
    account: Account,
    code: str,
    admit: Admit,
) -> Linked:
    """Who has an account elsewhere enters a code there that they were shown here; raises as
    `enter_here()` does.
    """

    def entered(session: Session, now: datetime) -> Linked | None:
        member_id = codes.use_members(session, community_id, code, now=now)
        if member_id is None:
            return None
        actor = Actor("source", account.source)
        return link(session, community_id, member_id, account, actor=actor, now=now)

    guesser = f"account:{account.source}:{account.external_id}"
    return _guessed(installation, community_id, guesser, entered, admit, OURS)


def link(
    session: Session,
    community_id: int,
    member_id: int,
    account: Account,
    *,
    actor: Actor,
    now: datetime,
) -> Linked:
    """Gives a member an account elsewhere and all that it did, in the caller's transaction.

    Raises `TwoPeople` where the member has another account there, or both have one at a third
    place, and `KnownElsewhere`.
    """
    # Nothing is taken in meanwhile: whose an event is, is known once this is done.
    take_turn(session, community_id)
    member = accounts.standing(session, member_id)
    if is_erased(member):
        raise WrongCode("Who was shown this code is no member any more.")
    other = accounts.claim(session, member, account)
    if other is not None and other.id == member.id:
        return Linked(account, was_linked=True, grants=0)
    grants = 0
    if other is not None:
        grants = _merge(session, community_id, Merge(member, other, now))
    else:
        judge_anew(session, community_id, others.make_one(session, member), now)
    fact = MemberLinked(
        member=member.id, source=account.source, merged=other.id if other is not None else None
    )
    journal.record(session, fact, community_id=community_id, actor=actor, now=now)
    return Linked(account, was_linked=False, grants=grants)


def _merge(session: Session, community_id: int, how: Merge) -> int:
    programme = current(session, community_id)
    metrics = metrics_of(programme, cast(Plugins, session.info["plugins"]))
    touched: dict[str, Metric] = {
        metric.key: metric
        for kind in merging.kinds_of(session, community_id, how.merged.id)
        for metric in metrics.moved_by(kind)
    }
    # Who is a member for longer by the other's events may be judged otherwise for all of theirs.
    touched |= {metric.key: metric for metric in metrics.judged_by_age}
    gone = recounting.beyond(session, community_id, metrics, list(touched))
    merging.hand_on_counts(session, how, gone)
    had = holding.held(session, community_id, [how.member.id, how.merged.id])
    merge(session, how)
    named_them = others.make_one(session, how.member, merged=[how.merged.id])
    if how.member.id in named_them:
        touched |= {metric.key: metric for metric in metrics.judged_by_others}
    movements = recounting.count_anew(
        session,
        community_id,
        metrics,
        list(touched.values()),
        member_ids=[how.member.id],
        also_final=True,
    )
    rounds.keep_what_was_met(session, programme, how, had)
    # Not what was counted alone: to hold what the other held may be what was missing.
    pairs = [(how.member.id, key) for key in programme["achievements"]]
    granted = granting.look(session, community_id, programme, pairs, Dating(how.now), movements)
    judge_anew(session, community_id, named_them - {how.member.id}, how.now)
    return granted


def judge_anew(
    session: Session, community_id: int, member_ids: Iterable[int], now: datetime
) -> None:
    """Counts anew what limits judged by with whom it was done, and grants what that leads to."""
    programme, who = current(session, community_id), sorted(member_ids)
    metrics = metrics_of(programme, cast(Plugins, session.info["plugins"]))
    movements = recounting.judge_anew(session, community_id, metrics, who)
    if not movements:
        return
    pairs = [(member_id, key) for member_id in who for key in programme["achievements"]]
    granting.look(session, community_id, programme, pairs, Dating(now), movements)


def _guessed(
    installation: Installation,
    community_id: int,
    guesser: str,
    entered: Callable[[Session, datetime], Linked | None],
    admit: Admit,
    instead: str,
) -> Linked:
    """What came of a code; a wrong one is counted in the very transaction that looks for it."""

    def done(session: Session) -> Linked | None:
        now = clock.now()
        admit(session, now)
        codes.count_guess(session, community_id, guesser, now=now)
        linked = entered(session, now)
        if linked is not None:
            codes.forgive(session, community_id, guesser)
        return linked

    linked = installation.do(done)
    if linked is None:
        raise WrongCode(f"This code is not known, or its quarter of an hour is over. {instead}")
    return linked
