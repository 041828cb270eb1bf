"""What a corpus is: schema, loading, checking, agreement, splits."""
