"""Inkling measured beside a program that is written the way the tutorials write it."""
