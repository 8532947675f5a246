"""What a segment looks like: counted, compared with the rest, put into words and named."""
