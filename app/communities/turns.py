"""Whose turn it is: what counts, grants, links or erases in a community does so one by one."""

from sqlalchemy.orm import Session

from app.statements import lock


def take_turn(session: Session, community_id: int) -> None:
    """Waits for the others, and has them wait until the caller's transaction ends.

    Whether an event counts, and whether a grant is due, depends on what others of the same member
    count, of whatever source, on who they are, and on the programme in force: none of it changes
    meanwhile. On SQLite a writer is alone anyway.
    """
    lock(session, f"keepsake.intake.{community_id}")
