"""The servers that are measured, one a file. The same work: a call that returns its input, a loop of updates."""
