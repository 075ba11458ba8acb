"""Tests of what makes downloads."""
