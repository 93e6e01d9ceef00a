"""Pages of the guidelines: reading, changes, references, what readers keep, and the editors' desk."""
