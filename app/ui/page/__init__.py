"""The page view: a page's picture, what was read over each cell, and what corrects it."""
