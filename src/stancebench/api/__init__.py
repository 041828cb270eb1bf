"""The Python interface; its names are those of `stancebench`."""
