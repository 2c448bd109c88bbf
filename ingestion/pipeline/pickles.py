"""Recognizing a Python pickle without loading it, also the old protocols that look like text."""

import pickletools
import struct
from itertools import islice

# A text that happens to be read as some instructions stops making sense sooner than this.
ENOUGH_INSTRUCTIONS = 12
MOST_INSTRUCTIONS = 1000
# Instructions that texts do not hold by chance: they name a class, call it, or remember a value.
TELLING = frozenset({"GLOBAL", "INST", "REDUCE", "BUILD", "OBJ", "PUT", "BINPUT", "LONG_BINPUT", "SETITEMS", "APPENDS"})


def is_pickle(head: bytes) -> bool:
    """Whether these first bytes of a file are a pickle without the mark of protocol 2 and later.

    Nothing is executed, the instructions are only listed: to the end, or far enough to be no accident.
    """
    names: list[str] = []
    try:
        for code, _, _ in islice(pickletools.genops(head), MOST_INSTRUCTIONS):
            names.append(code.name)
    except (ValueError, IndexError, OverflowError, struct.error):
        if len(names) < ENOUGH_INSTRUCTIONS:
            return False
    return len(names) > 1 and not TELLING.isdisjoint(names)
