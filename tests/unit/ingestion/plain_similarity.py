"""What similarity means, in plain Python."""

from ingestion.domain.similarity import LEAST_CHARACTERS, MOST_CHARACTERS, SHINGLE, fold_character, similarity


def folded(text: str) -> str:
    return "".join(map(fold_character, text[:MOST_CHARACTERS]))


def shingles(text: str) -> frozenset[str]:
    """Of the folded text; empty when it is too short to be compared."""
    plain = folded(text)
    if len(plain) < LEAST_CHARACTERS:
        return frozenset()
    return frozenset(plain[at : at + SHINGLE] for at in range(len(plain) - SHINGLE + 1))


def per_mille(left: str, right: str) -> int:
    one, other = shingles(left), shingles(right)
    return similarity(len(one), len(other), len(one & other))
