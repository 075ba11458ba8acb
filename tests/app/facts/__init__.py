"""Tests of `app/facts`."""
