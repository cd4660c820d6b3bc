"""The words a check can end with, and the errors of this package."""

from enum import StrEnum


class TokenVerdict(StrEnum):
    """What the token alone says, by the names the API uses."""

    OK = "ok"
    MALFORMED = "malformed"
    UNSUPPORTED_VERSION = "unsupported_version"
    REVOKED_KEY = "revoked_key"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    LIVE_REQUIRED = "live_required"
    ONLINE_REQUIRED = "online_required"


SENTENCES = {
    TokenVerdict.OK: "The token is genuine and valid now.",
    TokenVerdict.MALFORMED: "This is not a voucher. Scan the whole code again.",
    TokenVerdict.UNSUPPORTED_VERSION: "This voucher needs a newer scanner. Update this device.",
    TokenVerdict.REVOKED_KEY: "This card is out of date. Its owner has been sent a new one.",
    TokenVerdict.UNKNOWN_KEY: "This device does not know who signed this. Go online to sync.",
    TokenVerdict.BAD_SIGNATURE: "This voucher is not genuine. Do not hand anything out.",
    TokenVerdict.NOT_YET_VALID: "This voucher is not valid yet. Look at its first date.",
    TokenVerdict.EXPIRED: "This voucher is no longer valid.",
    TokenVerdict.LIVE_REQUIRED: "This is a picture. Ask for the moving code in the wallet.",
    TokenVerdict.ONLINE_REQUIRED: "This voucher can only be checked with a network. Go online.",
}


class TokenError(ValueError):
    """What everything in this package raises: a stable ``code`` and a sentence for people."""

    code = "token_error"

    def __init__(self, sentence: str) -> None:
        """Keep the sentence, which says what is wrong or what to do."""
        super().__init__(sentence)
        self.sentence = sentence


class TokenRefused(TokenError):
    """A check failed; ``verdict`` (also the ``code``) says which answer that is."""

    def __init__(self, verdict: TokenVerdict) -> None:
        """Take the sentence that belongs to the verdict."""
        super().__init__(SENTENCES[verdict])
        self.verdict = verdict
        self.code = str(verdict)


class CodeUnreadable(TokenError):
    """The text that somebody typed is not a voucher's code."""

    code = "code_unreadable"


class PayloadUnsound(TokenError):
    """The payload breaks a rule of the format, so it is not signed."""

    code = "payload_unsound"


class KeySetUnreadable(TokenError):
    """The document is not a key set at all (single unknown entries are ignored)."""

    code = "key_set_unreadable"


class CannotSign(TokenError):
    """No signing key was given, or what it made is not an Ed25519 signature."""

    code = "cannot_sign"
