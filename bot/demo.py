"""The demo's scene: a server in which one message is missing to an achievement."""

from app.achievements.intake import sample
from app.installation import Installation
from bot.place import place_of
from bot.stage import Line, Person, Place, Scene

GUILD_ID = 1009000000000000000
CHANNELS = (
    Place("general", "Anything goes", 1009000000000000011),
    Place("introductions", "Say hello, and who you are", 1009000000000000012),
    Place("show-and-tell", "What have you made?", 1009000000000000013),
)
HINT = (
    "You are Robin. You wrote in four channels so far; “Explorer” wants five. "
    "Write one message here, then open the direct messages."
)
HINT_AFTERWARDS = (
    "You are Robin, and “Explorer” is yours already: /vouchers shows its voucher. "
    "To begin anew, stop the demo and delete its data folder (var, unless you named another)."
)


def scene_for(installation: Installation) -> Scene:
    """The server, its people, and who tries it."""
    place, settings = place_of(installation), installation.settings
    return Scene(
        place.community_name,
        Person("robin", sample.PERSONA_NAME, int(sample.PERSONA_DISCORD_ID)),
        guild_id=GUILD_ID,
        places=CHANNELS,
        others=(Person("mika", "Mika"), Person("ada", "Ada")),
        lines=(
            Line("mika", "general", "Pins are ready at the pop-up. First come, first served!"),
            Line("ada", "general", "Robin, you have not been in this channel yet, have you?"),
            Line("ada", "introductions", "Hello! I solder small lamps."),
        ),
        hint=HINT_AFTERWARDS if sample.persona_has(installation, "explorer") else HINT,
        links=(
            ("Kiosk", f"{settings.public_url}/kiosk"),
            ("Console", f"{settings.public_url}/console"),
            ("Merch partner", f"{settings.public_url}/demo/partner"),
        ),
        timezone="Europe/Berlin",
    )


def address(installation: Installation) -> list[tuple[str, str]]:
    """Where the simulated Discord is, in the demo alone."""
    settings = installation.settings
    if not settings.is_demo:
        return []
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    return [("Simulated Discord", f"http://{host}:{settings.stage_port}/")]
