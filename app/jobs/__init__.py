"""Child processes, from the program's side: a training, a teaching, an installation."""
