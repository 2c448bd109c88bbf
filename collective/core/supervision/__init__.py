"""One process that keeps the parts of an instance running: broker, web, worker, sweeper."""
