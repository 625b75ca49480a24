"""The embedded local stack: Postgres, mail, object store, Airflow and the web process on one machine."""
