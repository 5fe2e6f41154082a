"""Raw HTML: put back where it stood, judged tag by tag, sanitised, brought into XHTML's content model."""
