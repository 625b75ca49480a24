"""Decisions by people: what was asked, who answered, and what the answer is worth."""
