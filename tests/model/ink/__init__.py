"""Tests of `model/ink`."""
