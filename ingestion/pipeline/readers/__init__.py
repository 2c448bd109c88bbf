"""One reader per kind of file; `reader_for` chooses by content."""
