"""Settings: the environment of a process and each organization's policy, checked by pydantic."""
