"""The daily report, what needs somebody, and checks over a run's whole batch."""
