"""Orders to customers: what each has bought, when, for how much, and what may still come.

- ``rfm``: recency, frequency and monetary scores, and the names of their cells
- ``lifetime``: models of how often customers buy again, when they stop, and what they spend
- ``cohorts``, ``concentration``, ``migration``: how customers who began together go on, who brings
  the money, and who moved between two dates
"""
