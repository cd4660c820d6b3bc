"""A pairing link as a QR code, for the phone or the tablet that is to be the device."""

from dataclasses import dataclass

import qrcode
from qrcode.constants import ERROR_CORRECT_M


@dataclass(frozen=True)
class LinkCode:
    """A QR symbol as an SVG draws it: so many units across, and the path of what is dark."""

    span: int
    path: str


def link_code(address: str) -> LinkCode:
    """The smallest symbol for an address, with its quiet zone of four modules."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(address)
    code.make()
    rows = code.get_matrix()
    dark = (
        f"M{across} {down}h1v1h-1z"
        for down, row in enumerate(rows)
        for across, is_dark in enumerate(row)
        if is_dark
    )
    return LinkCode(len(rows), "".join(dark))
