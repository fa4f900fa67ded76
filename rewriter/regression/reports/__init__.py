"""Reports of a comparison: terminal, JUnit, GitHub, HTML page."""
