"""The main window: its menus, its files, and how its parts come together around one session."""
