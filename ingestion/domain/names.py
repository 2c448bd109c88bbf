"""File names as people gave them: shown, never used as a path or a key."""

import re
import unicodedata

LONGEST = 200
# Control and format characters: they hide or turn round what a person reads.
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Joiners that several scripts need to spell words; harmless in display.
JOINERS = {"\u200c", "\u200d"}
DRIVE = re.compile(r"[A-Za-z]:")


def display_name(given: str) -> str:
    """Folders and file name without hidden characters, in NFC, at most LONGEST characters (the ending is kept).

    Two clips of one name in two folders are two files, so folders are kept; what leads upwards, a drive and empty
    segments are not.
    """
    segments = (_shown(segment) for segment in given.replace("\\", "/").split("/") if not DRIVE.fullmatch(segment))
    return _shortened("/".join(filter(None, segments)) or "file")


def name_key(name: str) -> str:
    """Equal for names that a person or a file system would confuse: case, composed and decomposed forms."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())


def _shown(segment: str) -> str:
    kept = "".join(char for char in segment if char in JOINERS or unicodedata.category(char) not in HIDDEN)
    return unicodedata.normalize("NFC", kept).strip().strip(".").strip()


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:LONGEST]
    return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"
