"""What is passed over, as a rule for channels ignores where it was done: counted for its member."""

from collections import Counter as Tally
from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.activity.events import ActivityEvent
from app.activity.limits import remembering
from app.activity.limits.remembering import IGNORED
from app.communities import members


def count(
    session: Session, community_id: int, source: str, passed_over: Iterable[ActivityEvent]
) -> None:
    """Adds to how many events of each kind of a member were ignored. The events are not kept, and
    who did nothing else here is not known by them.
    """
    tally = Tally((event.member, event.kind) for event in passed_over)
    if not tally:
        return
    known = members.known_ids(session, community_id, source, {member for member, _ in tally})
    refused: Tally[tuple[int, str, str]] = Tally()
    for (member, kind), number in tally.items():
        if member in known:
            refused[known[member], kind, IGNORED] += number
    remembering.add_refusals(session, community_id, refused)


def hand_on(session: Session, community_id: int, merged_id: int, member_id: int) -> None:
    """What was ignored of who is merged into a member was so of that one."""
    theirs = remembering.refusals(session, community_id, merged_id)
    refused = {
        (member_id, kind, IGNORED): reasons[IGNORED]
        for kind, reasons in theirs.items()
        if IGNORED in reasons
    }
    remembering.add_refusals(session, community_id, refused)
