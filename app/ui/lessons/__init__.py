"""Lessons next to the pad: read from files that teachers can write, and shown step by step."""
