"""Tests of `model/inside`."""
