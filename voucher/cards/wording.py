"""The words on a card that are not names."""

from datetime import datetime, tzinfo

# By hand: strftime's names change with the locale of the machine.
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
INSTRUCTION = "Show this code to staff. You never scan it."


def say_window(valid_from: datetime | None, valid_until: datetime, zone: tzinfo) -> tuple[str, ...]:
    """Say when a voucher is valid, in the zone of the place it is for, in one or two lines.

    Without a beginning: "Valid until Sat 28 Nov 2026, 14:00 UTC". Both times are aware;
    raises ValueError for a naive one.
    """
    end = _local(valid_until, zone)
    until = f"{_day(end)}, {_clock(end)} {_zone_name(end)}"
    if valid_from is None:
        return (f"Valid until {until}",)
    start = _local(valid_from, zone)
    if start.date() == end.date():
        return (f"Valid {_day(start)}, {_clock(start)} to {_clock(end)} {_zone_name(end)}",)
    return f"Valid from {_day(start)}, {_clock(start)} {_zone_name(start)}", f"until {until}"


def _local(moment: datetime, zone: tzinfo) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a card's times are aware")
    return moment.astimezone(zone)


def _day(moment: datetime) -> str:
    return f"{DAYS[moment.weekday()]} {moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def _clock(moment: datetime) -> str:
    return f"{moment.hour:02}:{moment.minute:02}"


def _zone_name(moment: datetime) -> str:
    name = moment.tzname() or ""
    # Zones without a name of their own are called by their distance: "-03".
    return name if name[:1].isalpha() else f"UTC{name}"
