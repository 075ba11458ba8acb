"""What everything stands on: errors, events, languages, files with care, and how the program is installed."""
