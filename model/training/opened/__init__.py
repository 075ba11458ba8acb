"""Other people's models: finding out how they read, and making bundles from them."""
