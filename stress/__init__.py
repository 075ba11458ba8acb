"""What Inkling is put through: bad input, faults and load, tried thousands of times."""
