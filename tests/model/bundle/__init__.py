"""Tests of `model/bundle`."""
