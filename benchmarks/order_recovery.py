"""Parameters of MBG/NBD recovered from simulated customers: 20 draws of 4,000 each.

    python -m benchmarks.order_recovery [--draws 20] [--customers 4000]

Customers are simulated order by order, from the model's story and none of its formulas. The mean of
the fits has to lie within two standard errors of the mean, or 5%, of the truth.
"""

import argparse
import sys

import numpy as np

from app.segmentation.orders.lifetime.beta_geometric import BetaGeometric
from app.segmentation.orders.lifetime.histories import Histories
from app.segmentation.orders.lifetime.models import fit_model

TRUTH = {"r": 0.8, "alpha": 5.0, "a": 0.9, "b": 2.5}
NEAR = 0.05


def simulated(n: int, rng: np.random.Generator) -> Histories:
    """Draw each customer's rate, chance to stop, and orders until then."""
    age = rng.uniform(20, 40, n)
    rate = rng.gamma(TRUTH["r"], size=n) / TRUTH["alpha"]
    stop = rng.beta(TRUTH["a"], TRUTH["b"], size=n)
    orders, last, now = np.zeros(n), np.zeros(n), np.zeros(n)
    going = rng.random(n) >= stop
    while going.any():
        now[going] += rng.exponential(size=going.sum()) / np.maximum(rate[going], 1e-12)
        going &= now <= age
        orders[going] += 1
        last[going] = now[going]
        going &= rng.random(n) >= stop
    return Histories.of(orders, last, age)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--customers", type=int, default=4_000)
    asked = parser.parse_args()
    model = BetaGeometric(modified=True)
    fits = []
    for seed in range(asked.draws):
        fit = fit_model(model, simulated(asked.customers, np.random.default_rng(seed))).fit
        if fit.status != "sound":
            print(f"draw {seed}: {fit.reason}")
            continue
        fits.append(fit.values)
    values = np.log(np.array(fits))
    print(f"{len(fits)} sound fits of {asked.draws}, {asked.customers:,} customers each")
    print(f"{'':8}{'truth':>8}{'mean':>8}{'spread':>9}")
    met = len(fits) == asked.draws
    for i, (name, truth) in enumerate(TRUTH.items()):
        mean, spread = values[:, i].mean(), values[:, i].std(ddof=1)
        off = abs(mean - np.log(truth))
        met &= bool(off <= max(2 * spread / np.sqrt(len(fits)), NEAR))
        print(f"{name:8}{truth:8.3f}{np.exp(mean):8.3f}{spread:8.1%}")
    print("recovered" if met else "NOT RECOVERED")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
