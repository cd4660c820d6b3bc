"""The nine checks in their order, for whoever has only the token and the key set."""

from dataclasses import dataclass

from voucher.token.judging import judge
from voucher.token.keyset import KeySet
from voucher.token.layout import Payload
from voucher.token.reading import read
from voucher.token.verdicts import TokenRefused, TokenVerdict


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer: ``ok`` with the payload, or the name of the first check's refusal."""

    verdict: TokenVerdict
    payload: Payload | None = None

    @property
    def fields(self) -> dict[str, int | str] | None:
        """The payload by name; nothing of a token that was refused."""
        return self.payload.as_fields() if self.payload else None


def verify(text: str, keys: KeySet, now: int, *, offline: bool = False) -> Verdict:
    """Make all nine checks; the first that fails is the answer, and nothing is raised.

    ``now`` in Unix seconds; ``offline`` where no record can be asked.
    """
    try:
        payload = read(text, keys)
        judge(payload, now, offline=offline)
    except TokenRefused as refused:
        return Verdict(refused.verdict)
    return Verdict(TokenVerdict.OK, payload)
