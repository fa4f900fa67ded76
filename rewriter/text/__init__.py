"""Reading language: tokens, sentences and quantities."""
