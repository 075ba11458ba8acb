"""Data made up to learn from: digits in many styles, what is no digit, and pictures of paper."""
