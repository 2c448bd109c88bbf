"""Answers that never change are kept within bounds."""

from collections.abc import Callable

import pytest

from collective.interop.hub.remembered import EACH, Remembered

pytestmark = pytest.mark.once


class Maker:
    def __init__(self) -> None:
        self.made: list[str] = []

    def of(self, name: str, size: int = 10) -> Callable[[], bytes]:
        def make() -> bytes:
            self.made.append(name)
            return name.encode() * size

        return make


def test_an_answer_is_made_once() -> None:
    answers, maker = Remembered(), Maker()
    assert answers.get("a", maker.of("a")) == answers.get("a", maker.of("b")) == b"a" * 10
    assert maker.made == ["a"]


def test_the_least_recently_used_makes_room() -> None:
    answers, maker = Remembered(3 * (EACH + 10)), Maker()
    for name in ("a", "b", "c", "a", "d", "a", "c", "b"):
        answers.get(name, maker.of(name))
    assert maker.made == ["a", "b", "c", "d", "b"]


def test_a_large_answer_is_given_and_not_kept() -> None:
    answers, maker = Remembered(4 * EACH), Maker()
    for _ in range(2):
        assert len(answers.get("a", maker.of("a", EACH + 1))) == EACH + 1
    assert maker.made == ["a", "a"]


def test_what_could_not_be_made_is_not_kept() -> None:
    def fail() -> bytes:
        raise LookupError

    answers, maker = Remembered(), Maker()
    with pytest.raises(LookupError):
        answers.get("a", fail)
    assert answers.get("a", maker.of("a")) == b"a" * 10
