"""The open page: what stands in its cells, what its user corrects, and the table that it's saved as."""
