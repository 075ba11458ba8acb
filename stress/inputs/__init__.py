"""The ways into the program, a module each: what goes in, and how."""
