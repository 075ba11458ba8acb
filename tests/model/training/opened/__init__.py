"""Tests of `model/training/opened`."""
