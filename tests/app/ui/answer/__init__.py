"""Tests of `app/ui/answer`."""
