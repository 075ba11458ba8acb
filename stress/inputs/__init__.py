"""The ways into the program, a module each: what is put through it, and how it goes in."""
