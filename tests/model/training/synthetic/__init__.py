"""Tests of `model/training/synthetic`."""
