"""Tests of `app/ui/lessons`."""
