"""Data made up to learn from: digits in many styles, what isn't a digit, and pictures of paper."""

import logging

# It tells that it looks through the fonts when it's imported; a training may import it here before `model.judging`.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
