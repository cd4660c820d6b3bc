"""``keepsake token``: look at a token with nothing but the public keys."""

import json
from pathlib import Path

import click

from voucher.token.keyset import KeySet
from voucher.token.verdicts import KeySetUnreadable, TokenVerdict
from voucher.token.verify import verify


@click.group()
def token() -> None:
    """Work with voucher tokens; no database is needed."""


# A text that begins with a hyphen is a text all the same.
@token.command("verify", context_settings={"ignore_unknown_options": True})
@click.argument("text")
@click.option("--jwks", "path", required=True, metavar="FILE", help="The public key set.")
@click.option("--now", type=int, required=True, metavar="UNIX", help="Unix seconds.")
@click.option("--offline", is_flag=True, help="Judge as a device without a network.")
@click.pass_context
def verify_command(ctx: click.Context, text: str, path: str, now: int, offline: bool) -> None:
    """Print the verdict on TEXT as JSON; exit 0 for ok, 1 for a refusal, 2 without keys."""
    try:
        keys = KeySet.from_jwks(json.loads(Path(path).read_bytes()))
    except (OSError, ValueError, RecursionError) as problem:
        click.echo(f"Cannot read the key set {path}: {_reason(problem)}", err=True)
        ctx.exit(2)
    answer = verify(text, keys, now, offline=offline)
    click.echo(json.dumps({"verdict": answer.verdict, "fields": answer.fields}))
    ctx.exit(0 if answer.verdict is TokenVerdict.OK else 1)


def _reason(problem: Exception) -> str:
    if isinstance(problem, KeySetUnreadable):
        return problem.sentence
    if isinstance(problem, OSError):
        return f"{problem.strerror}."
    return "it is not JSON."
