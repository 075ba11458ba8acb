"""Everything that knows Tk."""
