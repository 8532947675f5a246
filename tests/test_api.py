"""The contract's core interface, end to end."""

from fastapi.testclient import TestClient

from tests.factories import CUSTOMER


class TestJourney:
    def test_a_newcomer_registers_signs_in_trains_predicts_and_sees_the_history(
        self, client: TestClient, customers_file: object
    ) -> None:
        form = {
            "email": "maria@example.com",
            "username": "maria",
            "full_name": "Maria Keller",
            "password": "correct horse",
        }
        registered = client.post("/auth/register", json=form)
        assert registered.status_code == 201
        assert registered.json()["role"] == "user"

        login = client.post("/auth/login", json={"username": "maria", "password": "correct horse"})
        assert login.status_code == 200
        headers = {"Authorization": f"Bearer {login.json()['access_token']}"}

        trained = client.post("/train")
        assert trained.status_code == 200
        assert trained.json()["message"] == "Model trained successfully"

        predicted = client.post("/predict", json=CUSTOMER, headers=headers)
        assert predicted.status_code == 200
        assert predicted.json()["customer_data"] == CUSTOMER

        history = client.get("/history", headers=headers).json()
        assert history["total"] == 1
        assert history["history"][0]["cluster"] == predicted.json()["cluster"]
        assert history["history"][0]["model_version"] == trained.json()["version"]
