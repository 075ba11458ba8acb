"""Tests of `app/drawing`."""
