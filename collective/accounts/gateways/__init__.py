"""The outside of accounts: mail."""
