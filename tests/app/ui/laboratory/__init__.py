"""Tests of what lies in `app/ui/laboratory`."""
