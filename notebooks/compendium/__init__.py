"""Code that several notebooks share: tables, dates, figures, checks and the run itself."""
