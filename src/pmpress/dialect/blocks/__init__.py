"""What stands in a manuscript block by block: read by markdown-it-py, put together as a tree."""
