"""About the program: its version, licences and log, a report on a problem, the window that runs."""
