"""Files on disk: which ones are inputs, and how results are written whole or not at all."""
