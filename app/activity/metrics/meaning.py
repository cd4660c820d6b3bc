"""What a change of the programme brings about for what is counted, in sentences."""

from sqlalchemy.orm import Session

from app.programme.comparing import NEW, WITHDRAWN, Change

NAMES = {"name", "public", "channel", "winners"}
"""Keys that change nothing of what is counted."""
FROM_THEN_ON = "Winners are granted for windows that close from then on, for none that is over."


def of_metric(_session: Session, _community_id: int, change: Change) -> str:
    """It is counted anew, or no more."""
    if change.what == WITHDRAWN:
        return "It is counted no more."
    if change.what == NEW or set(change.fields) - NAMES:
        return "It is counted from all that is recorded."
    return ""


def of_leaderboard(_session: Session, _community_id: int, change: Change) -> str:
    """Its open windows follow, what is final stays."""
    if change.what == WITHDRAWN:
        return "Its page goes, and nobody wins by it any more; standings that are final are kept."
    promises = f" {FROM_THEN_ON}" if change.after.winners is not None else ""
    if change.what == NEW:
        return f"It begins with what is recorded already, also in windows that are over.{promises}"
    said = ""
    if set(change.fields) - NAMES:
        said = "Windows that are not final are counted anew; those that are final stay."
    is_promised_anew = change.before.winners is None or "metric" in change.fields
    return f"{said}{promises if is_promised_anew else ''}".strip()


def of_season(_session: Session, _community_id: int, _change: Change) -> str:
    """Its windows begin and end elsewhere."""
    return "What is counted by season is counted anew; standings that are final stay."


def of_channels(_session: Session, _community_id: int, _change: Change) -> str:
    """They look ahead only."""
    return "They hold for what comes in from then on: what was counted stays."


def of_source(_session: Session, _community_id: int, change: Change) -> str:
    """Whether it may send."""
    if change.what == WITHDRAWN:
        return "Its keys are refused then; what it sent still counts."
    return "It needs a key: see the page of sources." if change.what == NEW else ""
