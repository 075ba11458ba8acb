"""Tests of `app/ui/drawings`."""
