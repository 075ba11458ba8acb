"""Data of one's own: pictures, drawings and arrays made what networks learn from, and looked at with suspicion."""
