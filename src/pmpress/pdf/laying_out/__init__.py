"""One sheet laid out: looked at again, mended, and what is known of its pages."""
