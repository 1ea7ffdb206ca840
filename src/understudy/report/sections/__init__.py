"""The sections of the page, a file each: a run or its systems, to a section or to why it has none."""
