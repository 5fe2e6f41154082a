"""What is done to the finished tree, one module a concern."""
