"""What ``python -m model`` can be asked for, a module a command."""
