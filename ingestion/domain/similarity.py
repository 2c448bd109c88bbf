"""When two texts are nearly the same: what is compared, how it is found, and from where on it counts.

A text is folded (letters, digits and marks only; no case, no accents of European scripts) and cut into shingles of
SHINGLE characters, which needs no words and so works for every script. The similarity of two texts is the Jaccard
index of their shingles. MinHash finds candidates: BANDS bands of BAND_HASHES hashes agree in at least one band for
99 % of pairs at 0.8, for 22 % at 0.5, and for one pair in 60,000 at 0.1.
"""

import unicodedata

SHINGLE = 5
BANDS, BAND_HASHES = 16, 6
HASHES = BANDS * BAND_HASHES
# States of a contribution in which its records count.
LIVE = ("validated", "accepted")
# Per mille, from where on two records are called similar.
SIMILAR = 800
# Short texts are alike by chance, so a folded text needs this many characters. Of a long one, this many are compared.
LEAST_CHARACTERS = 64
MOST_CHARACTERS = 100_000
# Accents that one may write as a character of their own or not at all; the vowel signs of other scripts are no such.
ACCENTS = range(0x300, 0x370)
# Beyond are rare ideographs and pictures, which have no case and no accents: they stay as they are.
FOLDED = 0x20000


def fold_character(character: str) -> str:
    """What stands for it in a comparison: one character, or "" for spaces, punctuation and symbols."""
    if ord(character) >= FOLDED:
        return character
    plain = "".join(part for part in unicodedata.normalize("NFKD", character) if ord(part) not in ACCENTS).casefold()
    known = plain if len(plain) == 1 else character
    is_written = ord(character) not in ACCENTS and unicodedata.category(known)[0] in "LMN"
    return known if is_written else ""


def folded(text: str) -> str:
    return "".join(map(fold_character, text[:MOST_CHARACTERS]))


def shingles(text: str) -> frozenset[str]:
    """Of the folded text; empty when it is too short to be compared."""
    plain = folded(text)
    if len(plain) < LEAST_CHARACTERS:
        return frozenset()
    return frozenset(plain[at : at + SHINGLE] for at in range(len(plain) - SHINGLE + 1))


def similarity(left: frozenset[str], right: frozenset[str]) -> int:
    """The Jaccard index in per mille, rounded down; 0 if either is empty."""
    common = len(left & right)
    return 1000 * common // (len(left) + len(right) - common) if common else 0
