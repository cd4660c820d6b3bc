"""Plugs the record in."""

from app import clock
from app.audit import keys, sealing
from app.audit.commands import audit
from app.installation import Installation
from app.plugins import Plugins, Tick

SEAL_EVERY = 1.0


def plug_in(plugins: Plugins) -> None:
    """Hands over the sealer, the record's key and the command."""
    plugins.ticks.append(Tick("audit.seal", SEAL_EVERY, sealing.seal_due))
    plugins.preparations.append(_make_key)
    plugins.commands.append(audit)


def _make_key(installation: Installation) -> None:
    with installation.unit_of_work() as session:
        keys.make_first(session, installation.settings, now=clock.now())
        keys.private_key(session, installation.settings)
