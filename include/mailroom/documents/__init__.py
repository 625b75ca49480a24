"""Files of unknown origin: opened in a sandbox, recognized, turned into words with positions."""
