"""The steps of the tour. Each says what it saw, and raises when that is not what was promised."""
