"""Tables: CSV, TSV, spreadsheets, Parquet. The meaning of columns is guessed and reported."""
