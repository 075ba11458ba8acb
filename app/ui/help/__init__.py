"""The help menu's dialogs: About, Shortcuts, Report a problem."""
