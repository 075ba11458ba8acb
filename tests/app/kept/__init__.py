"""Tests of `app/kept`."""
