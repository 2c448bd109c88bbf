"""The scenarios of data governance, walked over HTTP on a marketplace with the sample data."""
