"""Tests of what lies in `app/jobs`."""
