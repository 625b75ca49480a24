"""A connector that writes each bill into tables of any database SQLAlchemy knows."""
