"""Tests of `app/ui/laboratory`."""
