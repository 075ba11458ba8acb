"""The laboratory: a network as a whole, alive under the pen, to be touched, damaged and compared."""
