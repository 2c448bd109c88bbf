"""Bytes on their way out, through the real web server and a real proxy."""
