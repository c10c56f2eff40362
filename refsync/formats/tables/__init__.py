"""Tables: CSV, TSV, spreadsheets, Parquet; what a column means is guessed and told."""
