"""Guidelines in editions: what applies when, and its sections that advice can cite."""
