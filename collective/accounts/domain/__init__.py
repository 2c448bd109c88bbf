"""Rules of accounts that need no database: the form of a key, the making of a slug."""
