"""The suite that decides whether a class is a connector."""
