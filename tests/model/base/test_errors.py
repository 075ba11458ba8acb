"""What the user is told about what went wrong."""

from model.base.errors import UserError


def test_values_take_their_places_in_a_sentence_and_orders_in_them_are_written_out() -> None:
    assert str(UserError("There is no {name}.", name="a\nb")) == r"There is no a\nb."
    assert str(UserError("It says {this}.")) == "It says {this}."  # a sentence that's already filled in
