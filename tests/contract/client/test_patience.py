"""Pauses grow, differ, and end."""

import pytest

from data_collective.errors import NetworkError, PassingError, StoppedError
from data_collective.retry import Patience, pause_before
from data_collective.words import printable


class Away:
    """Fails so many times before it works."""

    def __init__(self, times: int, *, retry_after: float = 0) -> None:
        self.left, self.retry_after = times, retry_after

    def __call__(self) -> str:
        if self.left == 0:
            return "here"
        self.left -= 1
        raise PassingError("It is away.", retry_after=self.retry_after)


def test_pauses_double_up_to_half_a_minute_and_differ() -> None:
    for attempt, longest in enumerate([0.5, 1, 2, 4, 8, 16, 30, 30, 30]):
        pauses = {pause_before(attempt) for _ in range(20)}
        assert all(longest / 2 <= pause <= longest for pause in pauses)
        assert len(pauses) > 1


def test_what_works_again_is_told_of() -> None:
    said: list[str] = []
    assert Patience(seconds=60, say=said.append).keep_trying(Away(2)) == "here"
    assert said == ["It is away. Trying again, for up to 8 seconds."] * 2


def test_a_pause_that_the_site_asks_for_counts() -> None:
    """A minute is asked for and 30 seconds are allowed: there is nothing to wait for."""
    patience = Patience(seconds=30, say=lambda _: None)
    patience.answered = True
    with pytest.raises(NetworkError, match=r"^It is away\. Check your network and run the same command again"):
        patience.keep_trying(Away(1, retry_after=60))


def test_a_site_that_never_answered_is_given_up_early() -> None:
    with pytest.raises(NetworkError, match=r"Check the address of the site"):
        Patience(seconds=3600, say=lambda _: None).keep_trying(Away(1, retry_after=9))


def test_the_first_failure_stops_the_others_and_is_kept() -> None:
    patience = Patience(seconds=60, say=lambda _: None)
    patience.fail(NetworkError("first"))
    patience.fail(NetworkError("second"))
    with pytest.raises(StoppedError):
        patience.keep_trying(Away(0))
    assert str(patience.failure) == "first"


def test_a_name_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[31mb\u202ec\nd — ንግግር 日本") == "a�[31mb�c�d — ንግግር 日本"
