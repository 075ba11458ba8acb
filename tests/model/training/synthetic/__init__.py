"""Tests of what lies in `model.training.eye`."""
