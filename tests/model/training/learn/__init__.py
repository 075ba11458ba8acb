"""Tests of `model/training/learn`."""
