"""What other people's clients leave behind that no other app has a place for."""

from collective.interop.models.pushed_card import PushedCard

__all__ = ["PushedCard"]
