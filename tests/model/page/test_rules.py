"""A table's rules are told from the digits' own ink."""

import numpy as np

from model.page.rules import Rule, Rules, rules_of
from model.reading.sight import Sight

HIGH = 40


def page(*, taken: float) -> Sight:
    """Return a page with a rule, and below it a line that's as long as three digits, of which the eye takes a share."""
    grey, digits = np.full((300, 600), 230, np.uint8), np.zeros((300, 600), np.float32)
    grey[50:53, 20:220] = grey[200:203, 100:220] = 30
    digits[198:205, 100 : 100 + round(120 * taken)] = 0.9
    digits[160:200, 110:114] = digits[160:200, 150:154] = 0.9  # two stems, which tell how dark the ink is
    grey[160:200, 110:114] = grey[160:200, 150:154] = 30
    return Sight(grey, digits, np.zeros_like(digits), HIGH, 1.0, grey)


def test_the_feet_of_a_rows_digits_are_no_rule() -> None:
    rule, line = Rule(51.5, 20, 219), Rule(201.5, 100, 219)
    assert rules_of(page(taken=0)) == Rules(along=(rule, line))
    assert rules_of(page(taken=0.3)) == Rules(along=(rule, line))  # digits stand on it
    assert rules_of(page(taken=0.9)) == Rules(along=(rule,))
