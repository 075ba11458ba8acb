"""Tests of what lies in `model/commands`."""
