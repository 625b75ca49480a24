"""Neighbours: mailboxes, mail servers, object stores, secrets, the clock."""
