"""Tests of what lies in `app/kept`."""
