"""What the window's rooms share: style, shapes, keys, menus, dialogs, questions."""
