"""Postgres: sessions walled by organization, named queries, migrations. All SQL of the product lives here."""
