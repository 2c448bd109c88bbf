"""The command line of Data Collective. Knows the site only by its HTTP API."""

__version__ = "0.1.0"
