"""WeasyPrint, set up once for a book, fed from memory, listened to, and put right where it has to be."""
