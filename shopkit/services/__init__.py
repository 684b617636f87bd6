"""Use cases, one verb each; the doors (HTTP, command line, pages) call nothing else."""
