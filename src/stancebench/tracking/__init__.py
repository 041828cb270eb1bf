"""MLflow, as a mirror of records: it can be deleted and rebuilt."""
