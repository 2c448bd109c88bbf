"""Protection that the database itself gives, on both engines."""
