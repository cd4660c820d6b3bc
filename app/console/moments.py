"""Moments as organisers read them."""

from datetime import datetime
from zoneinfo import ZoneInfo


def spoken(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`14:02:31` today, else `26 Nov, 14:02`, with the year where it is another one."""
    local, here = moment.astimezone(zone), now.astimezone(zone)
    if local.date() == here.date():
        return f"{local:%H:%M:%S}"
    if local.year == here.year:
        return f"{local.day} {local:%b, %H:%M}"
    return f"{local.day} {local:%b %Y, %H:%M}"
