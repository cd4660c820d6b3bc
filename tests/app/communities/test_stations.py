"""`[stations.KEY]`: what its devices may do without a network."""

import pytest
from pydantic import ValidationError

from app.communities.settings import StationSettings


@pytest.mark.parametrize(
    "wrong",
    [
        {"offline_allowance": -1},
        {"offline_allowance": 10_001},
        {"offline_allowance": "many"},
        {"offline_hours": 0},
        {"offline_hours": 169},
        {"operators": "sometimes"},
    ],
)
def test_an_allowance_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        StationSettings.model_validate({"name": "Pop-up", **wrong})


def test_an_allowance_may_be_none_at_all() -> None:
    settings = StationSettings.model_validate({"name": "Pop-up", "offline_allowance": 0})
    assert (settings.offline_allowance, settings.offline_hours) == (0, 12)
