"""Tests of `model/given`."""
