"""How good a model is: scores, calibration, comparisons, reports and charts."""
