"""What comes from outside as things to read: files, folders, standard input, the clipboard; and many at once."""
