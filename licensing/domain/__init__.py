"""Pure rules of licensing: terms, compatibility, blockers, claims and verification. No Django, no database."""
