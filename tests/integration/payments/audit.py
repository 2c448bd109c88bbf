"""The auditor, for the end of a test."""

from collective.core.invariants import invariants


def violations() -> list[str]:
    """Of every invariant about money; empty is what a test wants."""
    money = [each for each in invariants() if each.check.__module__ == "payments.invariants"]
    return [text for each in money for text in each.check()]
