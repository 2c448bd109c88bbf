"""Which “@” stands in somebody's e-mail address."""

import re

from ingestion.pipeline.checks.seen import Texts

LOCAL_BYTES, DOMAIN_BYTES = 64, 255
# Whatever stands before the “@” was looked at by `Lookout`.
DOMAIN = re.compile(
    rb"((?:[A-Za-z0-9\x80-\xff][A-Za-z0-9\x80-\xff-]{0,62}\.)+)([A-Za-z]{2,24}|xn--[A-Za-z0-9-]{2,59}|[\x80-\xff]{4,48})"
    rb"(?![A-Za-z0-9_-])"
)
LOCAL = re.compile(rb"[A-Za-z0-9._%+\x80-\xff-]+\Z")
# “logo@2x.png” is a picture.
FILE_ENDINGS = frozenset({b"png", b"jpg", b"jpeg", b"gif", b"svg", b"webp", b"avif", b"css", b"js", b"json"})
# RFC 2606 keeps these for examples; nobody receives mail there.
NOBODY = re.compile(rb"(?:\A|\.)(?:example\.(?:com|net|org)|example|invalid|test|localhost|local)\Z", re.IGNORECASE)
MACHINES = frozenset({b"git", b"hg", b"noreply", b"no-reply", b"donotreply"})


def is_address(texts: Texts, text: int, at: int) -> bool:
    """`at` is where the “@” stands in `texts.data`."""
    domain = DOMAIN.match(texts.part(text, at + 1, at + 1 + DOMAIN_BYTES))
    local = LOCAL.search(texts.part(text, at - LOCAL_BYTES, at))
    if domain is None or local is None or local[0].lower() in MACHINES:
        return False
    return domain[2].lower() not in FILE_ENDINGS and not NOBODY.search(domain[0])
