"""How good a model is: scores, calibration, comparisons, reports and charts."""

import logging

# It tells that it looks through the fonts, when it's imported, and of families without a weight: a user can't help it.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
