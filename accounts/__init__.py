"""People, the firms they belong to, and how they sign in."""
