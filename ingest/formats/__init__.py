"""Bytes to frames of text: one module per format, streaming, each line accounted for."""
