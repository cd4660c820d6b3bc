"""Delivering what is due in lane *discord*, paced: notices as direct messages, results of
leaderboards as messages in their channels.
"""

import asyncio
import logging
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import discord

from app import clock
from app.installation import Installation
from app.jobs import loop, queue
from app.jobs.queue import ClaimedJob
from app.notices import telling
from bot.delivering import results
from bot.delivering.buttons import view_of
from bot.letters.overtaken import is_overtaken
from bot.letters.vouchers import Letter, write_letter
from voucher.ledger.finding import by_reference
from voucher.ledger.followers import BY_DAY

LOOK_EVERY = 0.3
AFTER_AN_ERROR = 2.0
PAUSE = 1.5
"""Between two direct messages: a bot that writes to many people at once is taken for spam."""
AT_ONCE = 5
CLOSED_DOORS = (50007, 50278)
"""Discord's codes for a member who takes no messages, or is in no server with the bot any more.

Any other "forbidden" is about the bot, and passes: nobody's message is given up for it.
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Addressed:
    """A letter, to whom, about which voucher, and the notice it settles."""

    notice_id: int
    recipient: int
    voucher: str
    letter: Letter


class Deliveries:
    """Serves the lane; a message that fails is tried again, one to a closed door is not."""

    def __init__(self, installation: Installation, client: discord.Client):
        self._installation, self._client = installation, client

    async def deliver_for_ever(self) -> None:
        """Looks for what is due until it is cancelled."""
        await self._client.wait_until_ready()
        while True:
            try:
                delivered = await self.deliver_due()
            except Exception:
                log.exception("the deliveries pause")
                delivered = 0
                await asyncio.sleep(AFTER_AN_ERROR)
            await asyncio.sleep(0 if delivered else LOOK_EVERY)

    async def deliver_due(self) -> int:
        """Delivers what is due now; returns how many notices it took up."""
        claimed = await asyncio.to_thread(
            loop.claim, self._installation, telling.LANE, most=AT_ONCE
        )
        for position, job in enumerate(claimed):
            if position:
                await asyncio.sleep(PAUSE)
            await self._deliver(job)
        return len(claimed)

    async def _deliver(self, job: ClaimedJob) -> None:
        try:
            if job.kind == results.POST:
                await self._post(job)
                return
            addressed = await asyncio.to_thread(self._open, job)
            if addressed is not None:
                outcome = await self._send(addressed)
                await asyncio.to_thread(self._settle, job, addressed.notice_id, outcome)
        except loop.LeaseLost:
            log.warning("notice job %s was taken over by another process", job.id)
        except Exception as error:
            sentence = f"{type(error).__name__}: {error}"
            log.warning("a notice waits: %s", sentence)
            # A notice has an end of its own: until then it is worth another try.
            await asyncio.to_thread(loop.put_back, self._installation, job, sentence, most=None)

    async def _post(self, job: ClaimedJob) -> None:
        text = await asyncio.to_thread(results.text_of, self._installation, job)
        if text is not None:
            try:
                await results.post(self._client, job, text)
            except (discord.Forbidden, discord.NotFound, TypeError) as error:
                # Organisers may give the bot its right, or name another channel: not for ever.
                sentence = (
                    f"The result cannot be posted to channel {job.payload['channel']}: {error}"
                )
                await asyncio.to_thread(loop.put_back, self._installation, job, sentence)
                return
        await asyncio.to_thread(self._finish, job)

    def _finish(self, job: ClaimedJob) -> None:
        with loop.effect_of(self._installation, job):
            pass

    def _open(self, job: ClaimedJob) -> Addressed | None:
        with self._installation.unit_of_work() as session:
            now = clock.now()
            notice = telling.due(session, job.payload["notice"], now=now)
            if notice is not None and is_overtaken(session, notice):
                telling.settle(session, notice.id, telling.OVERTAKEN, now=now)
                notice = None
            if notice is None:
                if not queue.finish(session, job, now=now):
                    raise loop.LeaseLost
                return None
            if notice.kind in BY_DAY and (night := telling.night_of(session, notice, now=now)):
                queue.put_off(session, job, night.ends)
                return None
        with self._installation.reading() as session:
            held = by_reference(session, notice.community_id, notice.subject)
            settings = self._installation.settings
            letter = write_letter(session, settings, held, notice.kind, notice.occasion)
        return Addressed(notice.id, int(notice.recipient), notice.subject, letter)

    async def _send(self, addressed: Addressed) -> str:
        letter = addressed.letter
        try:
            user = self._client.get_user(addressed.recipient) or await self._client.fetch_user(
                addressed.recipient
            )
            # Discord drops a second message with the same nonce for some minutes: what was sent
            # just before a crash is not sent twice.
            await user.send(
                letter.text,
                **_attached(addressed),
                nonce=f"notice-{addressed.notice_id}",
            )
        except discord.Forbidden as error:
            if error.code not in CLOSED_DOORS:
                raise
            return telling.UNREACHABLE
        except discord.NotFound:
            return telling.UNREACHABLE
        return telling.SENT

    def _settle(self, job: ClaimedJob, notice_id: int, outcome: str) -> None:
        with loop.effect_of(self._installation, job) as session:
            telling.settle(session, notice_id, outcome, now=clock.now())


def _attached(addressed: Addressed) -> dict[str, Any]:
    files = [discord.File(BytesIO(card), name) for name, card in addressed.letter.cards]
    view = view_of(addressed.voucher, addressed.letter.button)
    return {"view": view, **({"files": files} if files else {})}
