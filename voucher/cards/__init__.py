"""Pictures of vouchers: the QR code, and the card that carries it."""

from voucher.cards.card import CardText, draw_card
from voucher.cards.colours import ColourUnreadable
from voucher.cards.qr import NotAlphanumeric, Symbol, make_symbol

__all__ = [
    "CardText",
    "ColourUnreadable",
    "NotAlphanumeric",
    "Symbol",
    "draw_card",
    "make_symbol",
]
