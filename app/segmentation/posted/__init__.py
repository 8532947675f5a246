"""Records as they are posted, to an analysis: which columns, which algorithm, what was found."""
