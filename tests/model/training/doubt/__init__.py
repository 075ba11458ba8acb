"""Tests of `model/training/doubt`."""
