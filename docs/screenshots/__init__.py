"""Makes the screenshots of the documentation anew, from the running program."""
