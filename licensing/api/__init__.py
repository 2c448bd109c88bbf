"""Licensing over HTTP, for programs."""
