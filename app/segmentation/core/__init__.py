"""The core: one table of customers with four features, its model, and the names of its segments."""
