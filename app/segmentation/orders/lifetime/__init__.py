"""How many orders each customer will still place, and what they will be worth.

- ``histories``: orders to (frequency, recency, age), one row per customer
- ``fitting``: maximum likelihood with analytic gradients, and what a fit's shape says about it
- ``beta_geometric``, ``pareto_nbd``, ``nbd``: models of buying and stopping
- ``gamma_gamma``, ``money``: the value of an order
- ``forecasting``, ``simulation``: expected orders and money of each customer, and their ranges
- ``record``, ``scores``: how well such forecasts did on the same customers' own past, and which
  model is taken
- ``remarks``: what limits a forecast, in sentences
"""
