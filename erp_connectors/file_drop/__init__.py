"""A connector that writes each bill into a folder."""
