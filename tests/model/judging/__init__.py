"""Tests of `model/judging`."""
