"""What one document may use."""

#: Address space of the child, in bytes: 32 pages need less than a third.
MEMORY = 1_536 * 1024 * 1024
#: Processor seconds, and seconds by the clock.
CPU_SECONDS = 60
WALL_SECONDS = 75
#: Characters of HTML that are tried at all.
HTML_CHARACTERS = 2_000_000
#: Bytes of a finished PDF.
PDF_BYTES = 64 * 1024 * 1024
