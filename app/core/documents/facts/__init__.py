"""What of a text can be checked exactly: numbers, amounts, dates, times, names of files."""
