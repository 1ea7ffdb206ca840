"""Public data into place: from the official addresses, resumable, checked, with its licence."""
