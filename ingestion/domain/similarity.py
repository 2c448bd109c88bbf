"""When two texts are nearly the same: what is compared, how it is found, and from where on it counts.

A text is folded (letters, digits and marks only; no case, no accents of European scripts) and cut into shingles of
SHINGLE characters, which needs no words and so works for every script. The similarity of two texts is the Jaccard
index of their shingles. MinHash finds candidates: of BANDS bands of BAND_HASHES hashes at least SHARED_BANDS agree for
95 % of pairs at 0.8 and for 99 % at 0.85, for 2.5 % at 0.5, and for one pair in 16,000 at 0.3. One band would do for
99 % at 0.8, but texts that only speak of the same things meet in one band all the time: 22 % at 0.5, 1 % at 0.3.
"""

import unicodedata

SHINGLE = 5
BANDS, BAND_HASHES = 16, 6
HASHES = BANDS * BAND_HASHES
SHARED_BANDS = 2
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


def similarity(left: int, right: int, common: int) -> int:
    """The Jaccard index in per mille, rounded down, of two sets of these sizes with so many in common."""
    return 1000 * common // (left + right - common) if common else 0
