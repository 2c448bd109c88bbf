"""Pure rules of ingestion: no Django, no SDK."""
