"""Tests of `release`."""
