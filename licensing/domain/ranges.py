"""Which versions a grant covers: `^1.2` is 1.2.0 and everything later before 2.0.0."""


def number_of(text: str) -> tuple[int, int, int]:
    major, minor, patch = (int(part) for part in text.split("."))
    return major, minor, patch


def caret_of(number: str) -> str:
    major, minor, _ = number_of(number)
    return f"^{major}.{minor}"


def covers(range_: str, number: str) -> bool:
    """Only caret ranges of `major.minor` exist. A later minor or patch of the same major is inside."""
    low_major, low_minor = (int(part) for part in range_.removeprefix("^").split("."))
    major, minor, _ = number_of(number)
    return major == low_major and minor >= low_minor
