"""File names as people gave them: shown, never used as a path or a key."""

import unicodedata

LONGEST = 200
# Control and format characters: they hide or turn round what a person reads.
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Joiners that several scripts need to spell words; harmless in display.
JOINERS = {"\u200c", "\u200d"}


def display_name(given: str) -> str:
    """The last part of a path, without hidden characters, in NFC, at most LONGEST characters (the ending is kept)."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if char in JOINERS or unicodedata.category(char) not in HIDDEN)
    name = unicodedata.normalize("NFC", kept).strip().strip(".").strip() or "file"
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:LONGEST]
    return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"


def name_key(name: str) -> str:
    """Equal for names that a person or a file system would confuse: case, composed and decomposed forms."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
