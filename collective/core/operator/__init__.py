"""The operator's console: mail of the embedded mode, jobs, the audit trail. Staff only; for others it does not exist."""
