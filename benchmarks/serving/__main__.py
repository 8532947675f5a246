"""Measure `/predict` against its peers: `python -m benchmarks.serving`.

Three servers with one worker each, started side by side and asked in turn, several rounds for
each number of clients; the figures are medians of the rounds, the ratios medians of the rounds'
own ratios, so that a drift of the machine's speed falls out.
"""

import argparse
import statistics
from pathlib import Path

import httpx
import sqlalchemy as sa

from app.db.session import Database
from app.db.tables import CustomerProfile, User
from app.segmentation.synthesis import generate_customers
from benchmarks.serving.load import Load, request_of, run_for
from benchmarks.serving.servers import CUSTOMER, Server, measure, servers

MIXED_CLIENTS = 64
SEGMENTED_CLIENTS = 4
SEGMENTED = 1_900
"""Customers that are segmented within the request."""


def measure_mixed(server: Server, profile_id: int, *, clients: int, seconds: float) -> Load:
    """Half of the requests write, all of them for one account and many at one row."""
    requests = [
        request_of("POST", "/predict", server.token, CUSTOMER),
        request_of("GET", "/history?limit=20", server.token),
        request_of("PUT", f"/profiles/{profile_id}", server.token, {"notes": "1"}),
        request_of("GET", f"/profiles/{profile_id}", server.token),
        request_of("POST", "/profiles/", server.token, {"name": "Maria", **CUSTOMER}),
        request_of("GET", "/users/me/profile", server.token),
    ]
    return run_for(
        server.port, lambda n: requests[n % len(requests)], clients=clients, seconds=seconds
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0)
    arguments = parser.parse_args()

    with servers() as (folder, started):
        print("POST /predict, requests a second (median), one worker each\n")
        print(
            f"{'clients':>8} {'this program':>13} {'floor':>8} {'tutorial':>9} "
            f"{'/ floor':>8} {'/ tutorial':>11} {'slowest':>9} {'errors':>7}   tutorial's"
        )
        for clients in (1, 16, 64):
            report(started, clients, arguments.rounds, arguments.seconds)
        report_mixed(started[0], make_profile(folder), arguments.rounds, arguments.seconds)
        report_segmentations(started[0], folder, arguments.rounds, arguments.seconds)
        rows = Database(f"sqlite:///{folder / 'app.db'}", pool_size=1)
        with rows.connect(read_only=True) as connection:
            count = connection.scalar(sa.text("SELECT count(*) FROM prediction_history"))
        rows.dispose()
        print(f"\n{count} rows in this program's history: one for each answer")


def make_segmentations(server: Server, folder: Path) -> dict[str, int]:
    """Segment the same customers in three ways; return the segmentations' ids."""
    database = Database(f"sqlite:///{folder / 'app.db'}", pool_size=1)
    with database.session() as session:
        session.execute(sa.update(User).values(role="analyst"))
    database.dispose()
    url, headers = (
        f"http://127.0.0.1:{server.port}/api/v1",
        {"Authorization": f"Bearer {server.token}"},
    )
    with httpx.Client(base_url=url, headers=headers, timeout=300) as client:
        content = generate_customers(SEGMENTED).to_csv(index=False).encode()
        files = {"file": ("customers.csv", content)}
        dataset = client.post("/datasets/upload", files=files).raise_for_status().json()["id"]
        ids = {}
        for algorithm in ("auto", "kmeans", "hierarchical"):
            body = {"name": algorithm, "dataset_id": dataset, "algorithm": algorithm}
            body |= {} if algorithm == "auto" else {"n_clusters": 5}
            made = client.post("/segmentations", json=body).raise_for_status()
            ids[algorithm] = made.json()["id"]
    return ids


def report_segmentations(server: Server, folder: Path, rounds: int, seconds: float) -> None:
    """Show how much slower any segmentation places one customer than `/predict` does."""
    print(f"\n{SEGMENTED_CLIENTS} clients: placing one customer by JSON in a segmentation")
    print(f"{'made by':>13} {'requests/s':>11} {'/predict':>9} {'times':>6} {'errors':>7}")
    for algorithm, segmentation_id in make_segmentations(server, folder).items():
        path = f"/api/v1/segmentations/{segmentation_id}/predict"
        request = request_of("POST", path, server.token, {"rows": [CUSTOMER]})
        core, placed = [], []
        for _ in range(rounds):
            core.append(measure(server, clients=SEGMENTED_CLIENTS, seconds=seconds))
            placed.append(
                run_for(
                    server.port,
                    lambda _: request,  # noqa: B023 called before the next one
                    clients=SEGMENTED_CLIENTS,
                    seconds=seconds,
                )
            )
        times = statistics.median(
            a.per_second / b.per_second for a, b in zip(core, placed, strict=True)
        )
        print(
            f"{algorithm:>13} {statistics.median(each.per_second for each in placed):>11.0f} "
            f"{statistics.median(each.per_second for each in core):>9.0f} {times:>6.2f} "
            f"{sum(each.errors for each in placed):>7}",
            flush=True,
        )


def make_profile(folder: Path) -> int:
    database = Database(f"sqlite:///{folder / 'app.db'}", pool_size=1)
    with database.session() as session:
        profile = CustomerProfile(user_id=session.scalar(sa.select(User.id)), name="Maria")
        session.add(profile)
    database.dispose()
    return profile.id


def report_mixed(server: Server, profile_id: int, rounds: int, seconds: float) -> None:
    """Show what is left of the speed of `/predict` where half of all requests write elsewhere."""
    alone, mixed = [], []
    for _ in range(rounds):
        alone.append(measure(server, clients=MIXED_CLIENTS, seconds=seconds))
        mixed.append(measure_mixed(server, profile_id, clients=MIXED_CLIENTS, seconds=seconds))
    print(f"\n{MIXED_CLIENTS} clients: /predict alone, and mixed with profiles and history")
    print(f"{'':>8} {'requests/s':>11} {'p99':>9} {'slowest':>9} {'errors':>7}")
    for name, loads in (("alone", alone), ("mixed", mixed)):
        print(
            f"{name:>8} {statistics.median(load.per_second for load in loads):>11.0f} "
            f"{statistics.median(load.percentile_ms(99) for load in loads):>6.0f} ms "
            f"{max(load.slowest_ms for load in loads):>6.0f} ms "
            f"{sum(load.errors for load in loads):>7}",
            flush=True,
        )


def report(servers: list[Server], clients: int, rounds: int, seconds: float) -> None:
    loads: dict[str, list[Load]] = {server.name: [] for server in servers}
    for _ in range(rounds):
        for server in servers:
            loads[server.name].append(measure(server, clients=clients, seconds=seconds))
    ours, floor, tutorial = ([load.per_second for load in loads[server.name]] for server in servers)
    to_floor = statistics.median(a / b for a, b in zip(ours, floor, strict=True))
    to_tutorial = statistics.median(a / b for a, b in zip(ours, tutorial, strict=True))
    slowest = max(load.slowest_ms for load in loads["this program"])
    errors = sum(load.errors for load in loads["this program"])
    theirs = loads["tutorial"]
    print(
        f"{clients:>8} {statistics.median(ours):>13.0f} {statistics.median(floor):>8.0f} "
        f"{statistics.median(tutorial):>9.0f} {to_floor:>8.2f} {to_tutorial:>11.1f} "
        f"{slowest:>6.0f} ms {errors:>7}   "
        f"{max(load.slowest_ms for load in theirs):.0f} ms, "
        f"{sum(load.errors for load in theirs)} errors",
        flush=True,
    )


if __name__ == "__main__":
    main()
