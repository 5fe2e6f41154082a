"""What is done to a page of the e-book: filled in, suited to reading systems, divided where it is too long."""
