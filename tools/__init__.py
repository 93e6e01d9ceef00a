"""What stands behind `make`: standard library only, since nothing is installed yet."""
