"""The report of an experiment: one page that opens without a network, and its figures and tables as files."""
