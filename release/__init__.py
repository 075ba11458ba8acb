"""Turns a checkout into something to download: bundles, packages, versions. It isn't part of the program."""
