"""Kinds of load: what is done thousands of times, and what the program holds and takes meanwhile."""
