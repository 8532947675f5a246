"""The segment book: one description of its pages, printed as PDF, PowerPoint, HTML and Excel."""
