"""Archives of recordings, pictures and texts: `layout.py` says which of the usual shapes one has."""
