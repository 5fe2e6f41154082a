"""The fonts that come along: which faces are shown, cut down, packed as WOFF2."""
