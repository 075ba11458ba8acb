"""Tests of `app/ui/inside`."""
