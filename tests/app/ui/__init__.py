"""Tests of `app/ui`."""
