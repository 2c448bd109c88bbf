"""Parsing users' files (in a limited child process) and writing Parquet."""
