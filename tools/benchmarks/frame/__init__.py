"""What all benchmarks share; areas stand one level up."""
