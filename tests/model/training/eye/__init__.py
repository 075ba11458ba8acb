"""Tests of `model/training/eye`."""
