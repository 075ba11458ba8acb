"""Tests of `model/reading`."""
