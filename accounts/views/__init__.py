"""Pages of accounts and firms."""
