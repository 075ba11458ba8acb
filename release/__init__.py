"""What makes a checkout into something that is downloaded: bundles, packages, versions. No part of the program."""
