"""Pages of ingestion: contributing, the contribution workspace, the building of a version."""
