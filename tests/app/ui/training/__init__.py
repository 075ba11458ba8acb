"""Tests of `app/ui/training`."""
