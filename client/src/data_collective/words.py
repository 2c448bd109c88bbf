"""Sizes and names as people read them."""

UNITS = ("kB", "MB", "GB", "TB")


def human(size: int) -> str:
    """Bytes in powers of 1,000, as the web site shows them."""
    if size < 1000:
        return f"{size} B"
    power = min(len(UNITS), (len(str(size)) - 1) // 3)
    amount = size / 1000**power
    return f"{amount:.{1 if amount < 10 else 0}f} {UNITS[power - 1]}"


def printable(text: str) -> str:
    """A file's name, or a site's answer, cannot steer the terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
