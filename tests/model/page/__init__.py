"""Tests of what lies in `model/page`."""
