"""What `[perks.KEY]` may say, and what is refused with a sentence."""

from typing import Any

import pytest
from pydantic import ValidationError

from voucher.perks.settings import PerkSettings


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": "discount"}, "kind discount and coupon come together"),
        ({"coupon": "SAVE10"}, "kind discount and coupon come together"),
        ({"fixed_from": "2026-12-05T10:00:00+01:00"}, "fixed_from and fixed_until come together"),
        (
            {"fixed_from": "2026-12-05T10:00:00Z", "fixed_until": "2026-12-05T10:00:00Z"},
            "fixed_until must be later than fixed_from",
        ),
        (
            {
                "fixed_from": "2026-12-05T10:00:00Z",
                "fixed_until": "2026-12-06T10:00:00Z",
                "window_hours": 72,
            },
            "fixed dates leave nothing for window_hours and window_starts to say",
        ),
        (
            {"fixed_from": "2026-12-05T10:00:00", "fixed_until": "2026-12-06T10:00:00Z"},
            "should have timezone info",
        ),
        ({"kind": "hug"}, "priority_entry"),
        ({"reminders": [0]}, "greater than or equal to 1"),
        ({"reminders": [169]}, "less than or equal to 168"),
        ({"reminders": [1, 2, 3, 4, 5]}, "at most 4 items"),
    ],
)
def test_what_does_not_fit_together_is_refused(said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        PerkSettings.model_validate({"name": "Pin"} | said)


def test_unless_given_it_is_an_item_for_72_hours_that_a_card_is_enough_for() -> None:
    settings = PerkSettings.model_validate({"name": "Pin"})
    assert (settings.kind, settings.window_hours, settings.missed) == ("item", 72, "ask")
    assert settings.reminders == (24, 2)
    assert not (settings.live or settings.identity or settings.minimum_age)
