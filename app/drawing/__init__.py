"""The open drawing: what the session holds, its history, and its file."""
