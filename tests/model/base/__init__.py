"""Tests of `model/base`."""
