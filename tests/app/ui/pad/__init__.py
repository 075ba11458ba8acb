"""Tests of `app/ui/pad`."""
