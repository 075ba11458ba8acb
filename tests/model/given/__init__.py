"""Tests of `model.given`."""
