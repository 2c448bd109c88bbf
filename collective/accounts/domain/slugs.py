"""Short names in addresses, from a name in any script."""

import re
import secrets
import unicodedata

LONGEST = 50
SHORTEST = 2
PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# First path segments of the site and of the clients' protocols: an organization of this name would hide them.
RESERVED = frozenset(
    {
        "about", "account", "accounts", "admin", "api", "app", "catalog", "checkout", "collective", "contribute",
        "contributions", "dashboard", "datasets", "desk", "docs", "earnings", "healthz", "help", "home", "hub",
        "invitations", "licenses", "login", "logout", "me", "media", "models", "new", "null", "operator", "orders",
        "organizations", "pay", "payments", "resolve", "root", "schema", "search", "settings", "site", "spaces",
        "static", "storage", "style", "support", "system", "undefined", "uploads", "versions", "well-known", "www",
    }
)  # fmt: skip


def slug_from_name(name: str) -> str:
    """Latin letters lose their marks; a name with no Latin letters has no slug of its own and gives an empty text."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")
    return slug if is_usable(slug) else ""


def slug_candidates(name: str, *, fallback: str) -> list[str]:
    """The name itself, then the name with six random characters; the caller takes the first that is free."""
    slug = slug_from_name(name)
    numbered = [f"{slug[: LONGEST - 7].strip('-') or fallback}-{secrets.token_hex(3)}" for _ in range(5)]
    return [slug, *numbered] if slug else numbered


def is_usable(slug: str) -> bool:
    """Well-formed, not reserved, and not a bare number."""
    long_enough = SHORTEST <= len(slug) <= LONGEST
    return long_enough and bool(PATTERN.fullmatch(slug)) and slug not in RESERVED and not slug.isdigit()
