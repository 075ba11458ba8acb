"""About the program: its versions, licences and log, a report on a problem, the window that runs."""
