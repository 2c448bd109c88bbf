"""The outside of ingestion: the malware scanner."""
