"""The payables desk: from an invoice's files to a bill ready to post."""
