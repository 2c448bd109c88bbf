"""Where licensing meets other people's libraries: one importer of each."""
