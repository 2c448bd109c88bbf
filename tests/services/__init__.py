"""The real parts that tests run against: each starts on a free port or socket and ends with the session."""
