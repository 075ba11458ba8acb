"""Reading: a drawing or a picture becomes 28×28, a prediction, and a number's reading."""
