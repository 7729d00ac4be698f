"""What is understood of a text, offline, by small models in numpy."""

import os

# One text is a product of small matrices: threads gain nothing there, and where they wait for each other on a busy
# machine they cost ten times the work. Read by numpy when it is first imported, which is after this.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
