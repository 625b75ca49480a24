"""The only part that knows Airflow: tasks, slices, triggers, retry policies. DAG files wire these up."""
