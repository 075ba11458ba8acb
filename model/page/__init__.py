"""Pictures with more than one number: their lines and tables found, and each number read."""
