"""The two peers of `/predict`, each a server of its own on the same database layout and model.

`tutorial` is what the usual tutorial writes: a pandas data frame, scikit-learn's own transform
and predict, ORM objects, SQLite and its pool as they come. `floor` is the least a synchronous
handler can do with the same checks: token, user, validation, scoring in numpy, history row, as
two SQLAlchemy Core statements in one transaction, and nothing else of this program.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import joblib
import numpy as np
import pandas as pd
import sqlalchemy as sa
from fastapi import Depends, FastAPI, HTTPException, Response
from fastapi.security import OAuth2PasswordBearer
from jose import JWTError, jwt
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

KEY = "a key for the benchmark alone, long enough"
FOLDER = Path(os.environ.get("BENCHMARK_FOLDER", "."))
bearer = OAuth2PasswordBearer(tokenUrl="login")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    is_active: Mapped[bool]


class History(Base):
    __tablename__ = "history"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    customer_data: Mapped[dict] = mapped_column(sa.JSON)
    cluster: Mapped[int]
    cluster_name: Mapped[str]
    confidence: Mapped[int]
    created_at: Mapped[datetime]


class Customer(BaseModel):
    sex: Annotated[str, Field(pattern="^(Male|Female)$")]
    age: Annotated[int, Field(ge=18, le=100)]
    annual_income: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    spending_score: Annotated[int, Field(ge=1, le=100)]
    purchase_frequency: Annotated[int, Field(ge=0)]


class Prediction(BaseModel):
    cluster: int
    cluster_name: str
    confidence: int
    customer_data: Customer


class HistoryRow(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    customer_data: Customer
    cluster: int
    cluster_name: str
    confidence: int
    created_at: datetime


def make_database(file: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{file}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(username="bench", is_active=True))
        session.commit()
    engine.dispose()


def token() -> str:
    return str(jwt.encode({"sub": "bench", "exp": 4_000_000_000}, KEY, algorithm="HS256"))


def create_tutorial() -> FastAPI:
    app = FastAPI()
    engine = sa.create_engine(
        f"sqlite:///{FOLDER / 'tutorial.db'}", connect_args={"check_same_thread": False}
    )
    make_session = sessionmaker(engine)
    kmeans = joblib.load(FOLDER / "kmeans.pkl")
    scaler = joblib.load(FOLDER / "scaler.pkl")

    def get_db() -> Iterator[Session]:
        with make_session() as session:
            yield session

    def get_current_user(
        raw: Annotated[str, Depends(bearer)], db: Annotated[Session, Depends(get_db)]
    ) -> User:
        try:
            name = jwt.decode(raw, KEY, algorithms=["HS256"])["sub"]
        except JWTError as error:
            raise HTTPException(401) from error
        user = db.query(User).filter(User.username == name).first()
        if user is None or not user.is_active:
            raise HTTPException(401)
        return user

    @app.post("/predict", response_model=Prediction)
    def predict(
        customer: Customer,
        user: Annotated[User, Depends(get_current_user)],
        db: Annotated[Session, Depends(get_db)],
    ) -> dict:
        frame = pd.DataFrame([customer.model_dump()])
        X = frame[["age", "annual_income", "spending_score", "purchase_frequency"]].to_numpy()
        scaled = scaler.transform(X)
        cluster = int(kmeans.predict(scaled)[0])
        distances = np.sort(np.linalg.norm(kmeans.cluster_centers_ - scaled, axis=1))
        confidence = round((1 - distances[0] / distances[1]) * 100)
        row = History(
            user_id=user.id,
            customer_data=customer.model_dump(),
            cluster=cluster,
            cluster_name=f"Segment {cluster}",
            confidence=confidence,
            created_at=datetime.now(UTC),
        )
        db.add(row)
        db.commit()
        db.refresh(row)
        return {
            "cluster": row.cluster,
            "cluster_name": row.cluster_name,
            "confidence": row.confidence,
            "customer_data": row.customer_data,
        }

    @app.get("/history", response_model=list[HistoryRow])
    def history(
        user: Annotated[User, Depends(get_current_user)],
        db: Annotated[Session, Depends(get_db)],
        limit: int = 50,
    ) -> list[History]:
        rows = db.query(History).filter(History.user_id == user.id)
        return rows.order_by(History.created_at.desc()).limit(limit).all()

    return app


def create_floor() -> FastAPI:
    app = FastAPI()
    engine = sa.create_engine(
        f"sqlite:///{FOLDER / 'floor.db'}",
        connect_args={"check_same_thread": False},
        pool_size=40,
    )
    kmeans = joblib.load(FOLDER / "kmeans.pkl")
    scaler = joblib.load(FOLDER / "scaler.pkl")
    centers, mean, scale = kmeans.cluster_centers_, scaler.mean_, scaler.scale_
    find_user = sa.select(User.id).where(User.username == sa.bindparam("name"), User.is_active)

    @event.listens_for(engine, "connect")
    def configure(connection: object, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    async def get_name(raw: Annotated[str, Depends(bearer)]) -> str:
        try:
            return str(jwt.decode(raw, KEY, algorithms=["HS256"])["sub"])
        except JWTError as error:
            raise HTTPException(401) from error

    @app.post("/predict", response_model=Prediction)
    def predict(customer: Customer, name: Annotated[str, Depends(get_name)]) -> Response:
        values = np.array(
            [
                customer.age,
                customer.annual_income,
                customer.spending_score,
                customer.purchase_frequency,
            ]
        )
        with engine.begin() as connection:
            user_id = connection.scalar(find_user, {"name": name})
            if user_id is None:
                raise HTTPException(401)
            distances = np.sqrt((((values - mean) / scale - centers) ** 2).sum(axis=1))
            cluster = int(distances.argmin())
            own, other = np.partition(distances, 1)[:2]
            answer = Prediction(
                cluster=cluster,
                cluster_name=f"Segment {cluster}",
                confidence=round((1 - own / other) * 100),
                customer_data=customer,
            )
            connection.execute(
                sa.insert(History),
                {
                    "user_id": user_id,
                    "customer_data": customer.model_dump(),
                    "cluster": answer.cluster,
                    "cluster_name": answer.cluster_name,
                    "confidence": answer.confidence,
                    "created_at": datetime.now(UTC),
                },
            )
        return Response(answer.model_dump_json(), media_type="application/json")

    return app
