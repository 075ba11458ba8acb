"""Practice: what it asks for, above the pad. Imports `model.base`, `app.drawing` and `app.ui.kit`."""
