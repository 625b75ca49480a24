"""Posting bills through connectors: at most once, whatever dies whenever."""
