"""Makes the screenshots of the documentation again, from the running program."""
