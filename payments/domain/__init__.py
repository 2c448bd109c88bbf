"""The arithmetic of money: no Django, no SDK, integers only."""
