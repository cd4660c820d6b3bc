"""Draws the round pictures beside the names: an initial on a colour."""

import io

import simcord
from PIL import Image, ImageDraw, ImageFont
from simcord.backend.cdn import CDN_BASE

_SIZE = 96
_PAPER = (250, 246, 238)
_COLOURS = ("#2f7f79", "#8d5a97", "#b5533c", "#3f6fb0", "#6b7d2c", "#a3446b")
_BOT_COLOUR = "#c98a12"

Pictures = dict[str, tuple[str, bytes]]
"""What a preview shows for an address: file name and content."""


def give_avatars(env: simcord.Env, people: list[int]) -> Pictures:
    """Gives the bot and these users a picture each; returns them by the address they have."""
    bot = env.backend.bot_user.id
    colours = {user: _COLOURS[at % len(_COLOURS)] for at, user in enumerate(people)}
    return dict(_give(env, user, colour) for user, colour in {bot: _BOT_COLOUR, **colours}.items())


def _give(env: simcord.Env, user_id: int, colour: str) -> tuple[str, tuple[str, bytes]]:
    user = env.backend.get_user(user_id)
    user.avatar = f"initial{user_id:x}"
    url = f"{CDN_BASE}/avatars/{user_id}/{user.avatar}.png"
    return url, (f"{user.avatar}.png", _draw((user.global_name or user.name)[:1].upper(), colour))


def _draw(letter: str, colour: str) -> bytes:
    image = Image.new("RGB", (_SIZE, _SIZE), colour)
    font = ImageFont.load_default(_SIZE * 0.5)
    middle = (_SIZE / 2, _SIZE / 2)
    ImageDraw.Draw(image).text(middle, letter, fill=_PAPER, font=font, anchor="mm")
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
