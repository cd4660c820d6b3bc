"""Asking Discord who has come back, with one sentence for whatever can go wrong on the way."""

from typing import Any, ClassVar

from authlib.integrations.base_client.errors import MismatchingStateError, OAuthError

from app.refusals import Refused


class NotStartedHere(Refused):
    """The way back belongs to no way there from this browser within the last hour."""

    code: ClassVar[str] = "discord_state_unknown"
    status: ClassVar[int] = 400


class NotAllowedByAccount(Refused):
    """The person told Discord not to say who they are."""

    code: ClassVar[str] = "discord_denied"
    status: ClassVar[int] = 403


class DiscordDidNotAnswer(Refused):
    """Discord, or the way to it, did not do its part."""

    code: ClassVar[str] = "discord_failed"
    status: ClassVar[int] = 502


def account_id(discord: Any) -> str:
    """The id of the account that authorised the current request, by Authlib's client `discord`.

    Raises `NotStartedHere`, `NotAllowedByAccount` or `DiscordDidNotAnswer`.
    """
    try:
        discord.authorize_access_token()
        answer = discord.get("users/@me")
        answer.raise_for_status()
        return str(answer.json()["id"])
    except MismatchingStateError as error:
        raise NotStartedHere(
            "This sign-in was not started in this browser, or too long ago. Start it again."
        ) from error
    except OAuthError as error:
        raise _refusal(error) from error
    # What is no JSON, or none of the expected form; the library's network errors are OSErrors.
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise DiscordDidNotAnswer(
            "Discord did not answer as it should. Try again in a moment."
        ) from error


def _refusal(error: OAuthError) -> Refused:
    if error.error == "access_denied":
        return NotAllowedByAccount(
            "Discord was told not to say who you are, so nobody was signed in."
        )
    return DiscordDidNotAnswer(
        "Discord did not accept the sign-in. Start it again; if it fails again, the client id and "
        "secret of this installation are wrong."
    )
