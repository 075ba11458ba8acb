"""The window. Nothing outside of this folder imports tkinter."""
