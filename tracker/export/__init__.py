"""CSV of exactly what browse shows: the same filters, the same columns, streamed by COPY."""
