"""Tests of what lies in `model/learning`."""
