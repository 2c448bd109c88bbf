"""Where licensing meets the world outside: mail, and other people's libraries, one importer of each."""
