"""What everything stands on: errors, events, languages, and files read and written with care."""
