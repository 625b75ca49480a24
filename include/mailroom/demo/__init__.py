"""The sample story and its data."""
