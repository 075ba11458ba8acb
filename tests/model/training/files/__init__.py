"""Tests of `model/training/files`."""
