"""Tests of what lies in `app/facts`."""
