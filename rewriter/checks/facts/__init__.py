"""G1xx, G4xx, G5xx, G7xx, K105: figures, dates and links against those of the source."""
