"""The kinds of fault, a module each: what is done to the program, and what must be intact afterwards."""
