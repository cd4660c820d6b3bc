from dataclasses import replace

import pytest

from voucher.token import Flag, Payload, TokenRefused, TokenVerdict, Window, judge

START, END = 1_780_000_000, 1_780_000_060
STATIC = Payload(1, 7, Flag.OFFLINE_OK, 42, bytes(8), START, END)
LIVE = replace(STATIC, flags=Flag.LIVE)


def verdict_on(
    payload: Payload, now: int, *, offline: bool = False, window: Window | None = None
) -> TokenVerdict:
    try:
        judge(payload, now, offline=offline, window=window)
    except TokenRefused as refused:
        return refused.verdict
    return TokenVerdict.OK


@pytest.mark.parametrize(
    ("now", "verdict"),
    [(START - 1, "not_yet_valid"), (START, "ok"), (END - 1, "ok"), (END, "expired")],
)
def test_a_static_token_is_valid_from_its_first_second_until_before_its_end(
    now: int, verdict: str
) -> None:
    assert verdict_on(STATIC, now) == verdict


@pytest.mark.parametrize(
    ("now", "verdict"),
    [(START - 31, "not_yet_valid"), (START - 30, "ok"), (END + 29, "ok"), (END + 30, "expired")],
)
def test_a_live_token_has_thirty_seconds_of_tolerance(now: int, verdict: str) -> None:
    assert verdict_on(LIVE, now) == verdict


def test_an_extension_takes_the_place_of_the_signed_end() -> None:
    assert verdict_on(STATIC, END + 5, window=Window(START, END + 10)) == "ok"


def test_a_shortening_takes_the_place_of_the_signed_end() -> None:
    assert verdict_on(STATIC, END - 1, window=Window(START, END - 1)) == "expired"


def test_a_moved_beginning_takes_the_place_of_the_signed_one() -> None:
    assert verdict_on(STATIC, START, window=Window(START + 1, END)) == "not_yet_valid"
    assert verdict_on(STATIC, START - 5, window=Window(START - 10, END)) == "ok"


def test_an_extension_does_not_revive_a_live_tokens_minute() -> None:
    assert verdict_on(LIVE, END + 30, window=Window(START, END + 900)) == "expired"


def test_the_records_window_counts_with_a_live_tokens_minute() -> None:
    assert verdict_on(LIVE, END - 1, window=Window(START - 900, END - 10)) == "expired"
    assert verdict_on(LIVE, START, window=Window(START + 10, END)) == "not_yet_valid"


def test_where_live_is_required_a_static_token_is_refused_after_its_window() -> None:
    demanding = replace(STATIC, flags=Flag.LIVE_REQUIRED)
    assert verdict_on(demanding, START) == "live_required"
    assert verdict_on(demanding, END) == "expired"
    assert verdict_on(replace(LIVE, flags=Flag.LIVE | Flag.LIVE_REQUIRED), START) == "ok"


def test_without_a_network_only_what_is_marked_for_it_counts() -> None:
    unmarked = replace(STATIC, flags=0)
    assert verdict_on(unmarked, START) == "ok"
    assert verdict_on(unmarked, START, offline=True) == "online_required"
    assert verdict_on(STATIC, START, offline=True) == "ok"
