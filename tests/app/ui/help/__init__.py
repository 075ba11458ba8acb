"""Tests of `app/ui/help`."""
