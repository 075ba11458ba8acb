"""Inkling compared with a program that's written the way the tutorials write it."""
