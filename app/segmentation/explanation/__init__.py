"""Why a customer is in a segment: which columns tell it, and a rule to read and to run as SQL."""
