"""The operator's console: mail of the embedded mode, jobs, the audit trail. For all but staff it does not exist."""
