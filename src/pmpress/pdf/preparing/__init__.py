"""XHTML of the model on its way to the engine: what print needs otherwise is changed before a sheet is laid out."""
