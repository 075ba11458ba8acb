"""Tests of `model/learning`."""
