"""Orders to customers: what each has bought, when, for how much, and what may still come.

- ``roles``: which column is what, by name and by shape
- ``lines``, ``date_order``, ``ledger``: lines in one form, and what each counts as
- ``snapshot``: one row per customer at a date; DuckDB groups, on a connection that is handed in
- ``rfm``: recency, frequency and monetary scores, and the names of their cells
- ``lifetime``: models of how often customers buy again, when they stop, and what they spend
- ``visits``, ``rhythm``: days with orders, time to the next one, and who is overdue
- ``cohorts``, ``concentration``, ``migration``: how customers who began together go on, who brings
  the money, and who moved between two dates
"""
