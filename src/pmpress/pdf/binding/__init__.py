"""The sheets joined into one file: pages, furniture, links, tags, outline, fonts, and what is said of the book."""
