"""Tests of `app/ui/practice`."""
