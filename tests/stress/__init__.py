"""Tests of the harness for bad input, faults and load."""
