"""Where the bench finds what it measures with."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMME = ROOT / "programme.toml"
BUSY = Path(__file__).with_name("busy.toml")
PERK, STATION, ITEM = "enamel_pin", "popup_berlin", "pin"
SAMPLE = ROOT / "samples" / "activity-2025q1.ndjson.gz"


def programme() -> str:
    """The demo's programme without its leaderboard, which finds its pictures from anywhere."""
    text, _, _ = PROGRAMME.read_text("utf-8").partition("\n[leaderboards.")
    return text.replace('"samples/', f'"{ROOT}/samples/')


def busy_programme() -> str:
    """The same with limits, all windows, and twenty achievements."""
    return f"{programme()}\n{BUSY.read_text('utf-8')}"


def whole_programme() -> str:
    """The same where a redemption has all to look at: stock, opening hours, blackouts."""
    text = programme()
    for table, more in {
        f"[perks.{PERK}]": f'item = "{ITEM}"\nstock_taken = "redemption"\nclosed = ["2020-01-01"]',
        f"[stations.{STATION}]": 'hours = ["Mon-Sun 00:00-24:00"]\nclosed = ["2020-01-01"]',
    }.items():
        if table not in text:
            raise RuntimeError(f"the programme has no {table}")
        text = text.replace(table, f"{table}\n{more}")
    return f'{text}\n[items.{ITEM}]\nname = "Pin"\nlow = 10\n'
