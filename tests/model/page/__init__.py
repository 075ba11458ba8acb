"""Tests of `model/page`."""
