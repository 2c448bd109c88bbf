"""Proving a license offline. Knows no server code and no network; needs the extra `verify`."""
