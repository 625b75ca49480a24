"""The web process: the page behind an approval link, and health."""
