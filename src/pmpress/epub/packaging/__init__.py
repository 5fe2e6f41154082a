"""The package: metadata, ways around the book, who can read it, and the container."""
