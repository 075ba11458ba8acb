"""What stays on disk: drawings with their labels, models, settings, the last drawing."""
