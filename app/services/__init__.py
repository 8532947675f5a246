"""What the product does: rules, queries and the content of transactions. Knows no request."""
