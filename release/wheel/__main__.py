"""``python -m inkling``, in a wheel."""

import sys

from . import main

sys.exit(main())
