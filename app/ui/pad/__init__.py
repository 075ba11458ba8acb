"""The pad: the pen, the eraser, the ink that is shown, and the marks on it."""
