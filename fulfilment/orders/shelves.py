"""What a shelf is called: by staff, and by partners."""

from typing import Annotated

from pydantic import StringConstraints

Shelf = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=20, pattern=r"^[^\x00-\x1f]+$"
    ),
]
"""Such as `B2`: short, as it is shown in large letters."""
