"""Every writing door of the schema, each with requests that many clients can send at once.

Where it can be they all change one row, so that each waits for the others. Rows that are deleted
are made beforehand, one for each request; after the last one the answer is 401 or 404.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from hashlib import sha256
from itertools import count
from typing import Any

import httpx
import sqlalchemy as sa

from app.db.account_tables import Invitation
from app.db.key_tables import ApiKey
from app.db.order_tables import Orders
from app.db.segmentation_tables import ClusteringRun, LastingSegmentation
from app.db.session import Database
from app.db.tables import (
    CustomerProfile,
    Dataset,
    Job,
    ModelVersion,
    PredictionHistory,
    User,
    utcnow,
)
from app.security import TokenSigner, hash_password
from benchmarks.serving.load import request_of
from tests.factories import CUSTOMER, PASSWORD
from tests.routes.tables import SMALL
from tests.server.running import PATIENCE, SIGNING_KEY, Server

_calls = count()
Door = Callable[[int], bytes]
BOUNDARY = "door"
ORDER_LINES = b"""\
order_id,order_date,customer_id,amount
1,2026-01-02,A,10
2,2026-02-03,A,20
3,2026-02-20,B,7.5
4,2026-03-28,C,30
"""


def _form(content: bytes) -> bytes:
    part = 'Content-Disposition: form-data; name="file"; filename="table.csv"'
    return f"--{BOUNDARY}\r\n{part}\r\n\r\n".encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


FORM, ORDERS_FORM = _form(SMALL), _form(ORDER_LINES)
FORMS = (FORM, ORDERS_FORM)
SEGMENTATIONS = "/api/v1/segmentations"
SEGMENTATION = f"{SEGMENTATIONS}/{{segmentation_id}}"
FILES = "/api/v1/files"
HEAVY = {
    f"POST {SEGMENTATIONS}",
    f"POST {SEGMENTATION}/train",
    f"POST {SEGMENTATION}/predict",
    "POST /train",
    "POST /api/analyze",
    "POST /api/recommendations",
    "POST /api/v1/models/{version}/activate",
    "POST /api/v1/datasets/upload",
    "PATCH /api/v1/datasets/{dataset_id}",
    f"POST {FILES}",
    f"PATCH {FILES}/{{dataset_id}}",
    f"POST {FILES}/train",
    f"POST {FILES}/{{dataset_id}}/customers",
    "POST /api/v1/clustering/train",
    "POST /api/v1/clustering/runs/{run_id}/cut",
    "POST /api/v1/clustering/runs/{run_id}/predict",
    "POST /api/v1/orders/upload",
    "POST /api/v1/orders/{orders_id}/lines",
    "PATCH /api/v1/orders/{orders_id}",
    "POST /api/v1/orders/{orders_id}/snapshots",
    "POST /api/v1/orders/from-dataset/{dataset_id}",
    "POST /api/v1/snapshots/{snapshot_id}/remake",
}
"""Those that compute; the others are next to nothing but their transaction."""


class Doors:
    """A running server's doors, with `rows` rows for each of those that delete."""

    def __init__(self, server: Server, *, rows: int) -> None:
        self._server = server
        self._rows = rows
        self._database = Database(server.database_url, pool_size=1)
        self._signer = TokenSigner(SIGNING_KEY, "HS256", timedelta(hours=2))
        self._hash = hash_password(PASSWORD, rounds=4)
        self._ids = self._made(User, [self._account("boss", role="admin")])
        self.boss = self._token("boss", self._ids[0])

    def close(self) -> None:
        self._database.dispose()

    def __call__(self) -> dict[str, Door]:
        """Return each door's next request by its number, under its method and path."""
        boss = self.boss
        profile, *profiles = self._made(
            CustomerProfile, [self._profile() for _ in range(self._rows + 1)]
        )
        named = ("victim", "locked_out", "forgetful")
        victim, locked_out, forgetful = self._made(User, [self._account(name) for name in named])
        own_keys, keys_of_victim = (
            self._made(ApiKey, [self._key(owner) for _ in range(self._rows)])
            for owner in (self._ids[0], victim)
        )
        keeping, leaving, deleted, removed = (
            self._made(User, [self._account(f"{kind}{row}") for row in range(self._rows)])
            for kind in ("keeping", "leaving", "deleted", "removed")
        )
        invitations = self._made(Invitation, [self._invitation() for _ in range(self._rows)])
        history = self._made(PredictionHistory, [self._prediction()] * self._rows)
        self._ask("POST", "/train", {"n_clusters": 3})
        jobs = self._made(Job, [self._job(self._name_of_server())] * self._rows)
        dataset = self._ask("POST", "/api/v1/datasets/upload", FORM)["id"]
        datasets = self._copies(Dataset, dataset, lambda n: {"directory": f"gone-{n}"})
        files = self._copies(Dataset, dataset, lambda n: {"directory": f"gone-file-{n}"})
        order = {"dataset_id": dataset, "n_clusters": 3}
        run = self._ask("POST", "/api/v1/clustering/train", order)["run_id"]
        runs = self._copies(
            ClusteringRun,
            run,
            lambda n: {"artefact": f"gone-{n}", "version": 1_000_000 + n, "is_active": False},
        )
        to_last = {"dataset_id": dataset, "n_clusters": 3, "name": "Lasting", "algorithm": "kmeans"}
        lasting = self._ask("POST", SEGMENTATIONS, to_last)["id"]
        all_segmentations = self._copies(
            LastingSegmentation, lasting, lambda n: {"name": f"gone-{n}"}
        )
        orders = self._ask("POST", "/api/v1/orders/upload", ORDERS_FORM)["id"]
        all_orders = self._copies(Orders, orders, lambda n: {"filename": f"gone-{n}"})
        dataset_of_orders = self._ask("POST", "/api/v1/datasets/upload", ORDERS_FORM)["id"]
        at = {"as_of": "2026-03-31"}
        snapshot = self._ask("POST", f"/api/v1/orders/{orders}/snapshots", at)["id"]
        analysis = {"customerData": [{"age": 20 + 3 * (n % 20), "income": n} for n in range(60)]}
        answer = self._ask("POST", "/api/analyze", analysis)
        customer = {
            "age": 30,
            "annual_income": 50,
            "spending_score": 50,
            "gender": "F",
            "region": "N",
        }
        fixed: dict[str, tuple[str, Any]] = {
            "POST /auth/login": ("/auth/login", {"username": "boss", "password": PASSWORD}),
            "POST /train": ("/train", {"n_clusters": 3}),
            "POST /predict": ("/predict", CUSTOMER),
            "POST /predict/batch": ("/predict/batch", [CUSTOMER] * 3),
            "DELETE /history": ("/history?cluster=1", b""),
            "POST /profiles/": ("/profiles/", {"name": "Maria"}),
            "PUT /profiles/{profile_id}": (f"/profiles/{profile}", {"notes": "1"}),
            "POST /profiles/{profile_id}/predict": (f"/profiles/{profile}/predict", b""),
            "PUT /admin/users/{user_id}/toggle-active": (
                f"/admin/users/{locked_out}/toggle-active",
                b"",
            ),
            "POST /admin/users/{user_id}/reset-password": (
                f"/admin/users/{forgetful}/reset-password",
                b"",
            ),
            "POST /admin/invitations": ("/admin/invitations", {"role": "analyst"}),
            "POST /api/v1/models/{version}/activate": (
                f"/api/v1/models/{self._version()}/activate",
                b"",
            ),
            "POST /api/v1/datasets/upload": ("/api/v1/datasets/upload", FORM),
            "PATCH /api/v1/datasets/{dataset_id}": (
                f"/api/v1/datasets/{dataset}",
                {"decimal": "."},
            ),
            f"POST {FILES}": (FILES, FORM),
            f"PATCH {FILES}/{{dataset_id}}": (f"{FILES}/{dataset}", {"decimal": "."}),
            f"POST {FILES}/train": (f"{FILES}/train", order),
            f"POST {FILES}/{{dataset_id}}/customers": (
                f"{FILES}/{dataset_of_orders}/customers",
                b"",
            ),
            "POST /api/v1/clustering/train": ("/api/v1/clustering/train", order),
            "POST /api/v1/clustering/runs/{run_id}/cut": (
                f"/api/v1/clustering/runs/{run}/cut",
                {"n_clusters": 4},
            ),
            "POST /api/v1/clustering/runs/{run_id}/predict": (
                f"/api/v1/clustering/runs/{run}/predict",
                {"rows": [customer]},
            ),
            f"POST {SEGMENTATIONS}": (SEGMENTATIONS, to_last),
            f"POST {SEGMENTATION}/train": (f"{SEGMENTATIONS}/{lasting}/train", {}),
            f"POST {SEGMENTATION}/predict": (
                f"{SEGMENTATIONS}/{lasting}/predict",
                {"rows": [customer]},
            ),
            f"POST {SEGMENTATION}/versions/{{version}}/activate": (
                f"{SEGMENTATIONS}/{lasting}/versions/1/activate",
                b"",
            ),
            "POST /api/v1/orders/upload": ("/api/v1/orders/upload", ORDERS_FORM),
            "POST /api/v1/orders/{orders_id}/lines": (
                f"/api/v1/orders/{orders}/lines",
                ORDERS_FORM,
            ),
            "PATCH /api/v1/orders/{orders_id}": (
                f"/api/v1/orders/{orders}",
                {"returns": "separate"},
            ),
            "POST /api/v1/orders/{orders_id}/snapshots": (
                f"/api/v1/orders/{orders}/snapshots",
                at,
            ),
            "POST /api/v1/orders/from-dataset/{dataset_id}": (
                f"/api/v1/orders/from-dataset/{dataset_of_orders}",
                b"",
            ),
            "POST /api/v1/snapshots/{snapshot_id}/remake": (
                f"/api/v1/snapshots/{snapshot}/remake",
                b"",
            ),
            "POST /api/analyze": ("/api/analyze", analysis),
            "POST /api/recommendations": ("/api/recommendations", {"analysis": answer}),
        }
        doors: dict[str, Door] = {
            door: self._always(door.split()[0], path, body) for door, (path, body) in fixed.items()
        }
        deleting = {
            "DELETE /history/{row_id}": ("/history", history),
            "DELETE /profiles/{profile_id}": ("/profiles", profiles),
            "DELETE /users/{user_id}": ("/users", deleted),
            "DELETE /admin/invitations/{invitation_id}": ("/admin/invitations", invitations),
            "DELETE /admin/users/{user_id}": ("/admin/users", removed),
            "DELETE /api/v1/datasets/{dataset_id}": ("/api/v1/datasets", datasets),
            f"DELETE {FILES}/{{dataset_id}}": (FILES, files),
            "DELETE /api/v1/clustering/runs/{run_id}": ("/api/v1/clustering/runs", runs),
            f"DELETE {SEGMENTATION}": (SEGMENTATIONS, all_segmentations),
            "DELETE /api/v1/jobs/{job_id}": ("/api/v1/jobs", jobs),
            "DELETE /api/v1/orders/{orders_id}": ("/api/v1/orders", all_orders),
            "DELETE /users/me/keys/{key_id}": ("/users/me/keys", own_keys),
            "DELETE /admin/users/{user_id}/keys/{key_id}": (
                f"/admin/users/{victim}/keys",
                keys_of_victim,
            ),
        }
        doors |= {door: _each(boss, path, ids) for door, (path, ids) in deleting.items()}
        for path in ("/users", "/admin/users"):
            doors[f"PUT {path}/{{user_id}}/role"] = _alternating(
                boss, f"{path}/{victim}/role", [{"role": "analyst"}, {"role": "user"}]
            )
        doors["POST /admin/users/changes"] = _alternating(
            boss,
            "/admin/users/changes",
            [{"ids": [victim], "role": "analyst"}, {"ids": [victim], "role": "user"}],
            "POST",
        )
        doors["PUT /api/v1/clustering/runs/{run_id}/sharing"] = _alternating(
            boss,
            f"/api/v1/clustering/runs/{run}/sharing",
            [{"visibility": "team"}, {"visibility": "private"}],
        )
        doors[f"PATCH {SEGMENTATION}/segments/{{lasting_id}}"] = _alternating(
            boss,
            f"{SEGMENTATIONS}/{lasting}/segments/1",
            [{"name": "One"}, {"name": "Two"}],
            "PATCH",
        )
        doors[f"PATCH {SEGMENTATION}"] = _alternating(
            boss, f"{SEGMENTATIONS}/{lasting}", [{"name": "One"}, {"name": "Two"}], "PATCH"
        )
        doors["PUT /api/v1/orders/{orders_id}/rfm-rules"] = _alternating(
            boss,
            f"/api/v1/orders/{orders}/rfm-rules",
            [
                {
                    "cut_points": {
                        "recency": days,
                        "frequency": [1, 2, 4, 8],
                        "monetary": [1, 2, 3, 4],
                    }
                }
                for days in ([30, 90, 180, 365], [20, 40, 60, 80])
            ],
        )
        keepers = [self._token(f"keeping{row}", each) for row, each in enumerate(keeping)]
        new_key = {"name": "nightly", "scopes": ["read"]}
        doors["POST /users/me/keys"] = lambda n: request_of(
            "POST", "/users/me/keys", keepers[n % len(keepers)], new_key
        )
        doors["PUT /users/me"] = _alternating(
            boss, "/users/me", [{"full_name": "Anna"}, {"full_name": "Berta"}]
        )
        tokens = [self._token(f"leaving{row}", each) for row, each in enumerate(leaving)]
        doors["DELETE /users/me"] = lambda n: request_of(
            "DELETE", "/users/me", tokens[n % len(tokens)]
        )
        doors["POST /auth/logout"] = lambda n: request_of(
            "POST", "/auth/logout", self._token("boss", self._ids[0])
        )
        doors["POST /auth/register"] = self._register
        return doors

    def _register(self, number: int) -> bytes:
        name = f"new{number}x{next(_calls)}"
        form = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
        return request_of("POST", "/auth/register", body=form)

    def _always(self, method: str, path: str, body: object) -> Door:
        kind = f"multipart/form-data; boundary={BOUNDARY}" if body in FORMS else "application/json"
        request = request_of(method, path, self.boss, body, kind)
        return lambda number: request

    def _token(self, username: str, user_id: int) -> str:
        return self._signer.issue(username=username, user_id=user_id, version=1)

    def _ask(self, method: str, path: str, body: object, **headers: str) -> Any:
        headers["Authorization"] = f"Bearer {self.boss}"
        if body in FORMS:
            headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
        sent: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
        url = f"{self._server.url}{path}"
        answer = httpx.request(method, url, headers=headers, timeout=PATIENCE, **sent)
        assert answer.is_success, (path, answer.text)
        return answer.json()

    def _version(self) -> int:
        with self._database.connect(read_only=True) as connection:
            version = connection.scalar(sa.select(sa.func.max(ModelVersion.version)))
        assert version is not None
        return version

    def _made(self, table: type[Any], rows: Sequence[dict[str, Any]]) -> list[int]:
        with self._database.session() as session:
            statement = sa.insert(table).returning(table.id, sort_by_parameter_order=True)
            return list(session.scalars(statement, rows))

    def _copies(
        self, table: type[Any], row_id: int, vary: Callable[[int], dict[str, Any]]
    ) -> list[int]:
        with self._database.session(read_only=True) as session:
            row = session.get_one(table, row_id)
            values = {column.key: getattr(row, column.key) for column in sa.inspect(table).columns}
        del values["id"]
        return self._made(table, [values | vary(n) for n in range(self._rows)])

    def _account(self, name: str, role: str = "user") -> dict[str, Any]:
        email = f"{name}@example.com"
        return {"email": email, "username": name, "hashed_password": self._hash, "role": role}

    def _key(self, owner: int) -> dict[str, Any]:
        digest = sha256(str(next(_calls)).encode()).hexdigest()
        told = {"name": "old", "start": "csk_000000", "role": "user", "scopes": ["read"]}
        return {"user_id": owner, "digest": digest, **told}

    def _invitation(self) -> dict[str, Any]:
        digest = sha256(str(next(_calls)).encode()).hexdigest()
        ends = utcnow() + timedelta(days=1)
        made = {"digest": digest, "role": "user", "expires_at": ends}
        return {**made, "created_by_id": self._ids[0]}

    def _profile(self) -> dict[str, Any]:
        return {"user_id": self._ids[0], "name": "Maria", **CUSTOMER}

    def _prediction(self) -> dict[str, Any]:
        return {
            "user_id": self._ids[0],
            "customer_data": CUSTOMER,
            "cluster": 0,
            "cluster_name": "Everyone",
            "confidence": 50,
            "model_version": 1,
        }

    def _job(self, server: str) -> dict[str, Any]:
        return {"user_id": self._ids[0], "kind": "analysis", "arguments": {}, "server": server}

    def _name_of_server(self) -> str:
        """Return who answers for its jobs; those of others it would give up."""
        job = self._ask("POST", "/train", {"n_clusters": 3}, Prefer="respond-async")["id"]
        with self._database.session(read_only=True) as session:
            return session.get_one(Job, job).server


def _each(token: str, path: str, ids: Sequence[int]) -> Door:
    return lambda number: request_of("DELETE", f"{path}/{ids[number % len(ids)]}", token)


def _alternating(token: str, path: str, forms: Sequence[object], method: str = "PUT") -> Door:
    requests = [request_of(method, path, token, form) for form in forms]
    return lambda number: requests[number % len(requests)]
