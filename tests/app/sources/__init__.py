"""Tests of `app/sources`."""
