"""What the settings accept, and what they refuse in production."""

import secrets

import pytest
from pydantic import ValidationError

from app.config import Settings, load_settings, unknown_names

GOOD_KEY = "0123456789abcdef0123456789abcdef"


def settings(**values) -> Settings:
    return Settings(_env_file=None, **values)


@pytest.mark.parametrize("name", ["LOG_LEVEL", "FASTMCP_LOG_LEVEL"])
def test_the_log_level_has_an_older_name_too(monkeypatch, name):
    monkeypatch.setenv(name, "debug")
    assert settings().log_level == "DEBUG"


def test_origins_are_separated_by_commas(monkeypatch):
    monkeypatch.setenv("CORS_ORIGINS", "https://a.example/, http://b.example,")
    assert settings().cors_origins == ["https://a.example", "http://b.example"]


def test_a_file_gives_settings_too(tmp_path):
    file = tmp_path / ".env"
    file.write_text("ACCESS_TOKEN_EXPIRE_MINUTES=5\nSECRET_KEY=\n")
    found = Settings(_env_file=file)
    assert found.access_token_expire_minutes == 5
    assert found.secret_key is None


@pytest.mark.parametrize(
    "key",
    [
        None,
        "",
        "short",
        "change-me-change-me-change-me-change-me",
        " " * 40,
        "a" * 40,
        "abab" * 20,
        "123456789" * 5,
        "0123456789" * 4,
        "Kx7!Kx7!Kx7!Kx7!Kx7!Kx7!Kx7!Kx7!",
    ],
)
def test_production_needs_a_key_of_its_own(monkeypatch, key):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(ValidationError, match="SECRET_KEY"):
        settings(environment="production", secret_key=key)
    assert settings(secret_key=key).environment == "development"


def test_production_needs_a_good_key_before_it_too():
    with pytest.raises(ValidationError, match="PREVIOUS_SECRET_KEY"):
        settings(environment="production", secret_key=GOOD_KEY, previous_secret_key="a" * 40)
    found = settings(environment="production", secret_key=GOOD_KEY, previous_secret_key=GOOD_KEY)
    assert found.in_production


def test_keys_made_as_we_say_are_good():
    for _ in range(200):
        for key in (secrets.token_hex(32), secrets.token_urlsafe(32)):
            assert settings(environment="production", secret_key=key).in_production


def test_production_with_a_good_key_trains_for_analysts():
    found = settings(environment="production", secret_key=GOOD_KEY)
    assert found.effective_train_access == "analyst"
    assert settings().effective_train_access == "public"


def test_production_refuses_cheap_hashes():
    with pytest.raises(ValidationError, match="BCRYPT_ROUNDS"):
        settings(environment="production", secret_key=GOOD_KEY, bcrypt_rounds=4)


@pytest.mark.parametrize("algorithm", ["none", "RS256", "hs256", ""])
def test_no_other_algorithm_is_accepted(algorithm):
    with pytest.raises(ValidationError, match="algorithm"):
        settings(algorithm=algorithm)


def test_a_refused_key_is_not_repeated_nor_shown():
    with pytest.raises(ValidationError) as refused:
        settings(environment="production", secret_key="hunter2")
    assert "hunter2" not in str(refused.value)
    assert GOOD_KEY not in repr(settings(secret_key=GOOD_KEY))


def test_a_program_started_with_wrong_settings_ends_with_a_line_for_each(monkeypatch):
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", "hunter2")
    with pytest.raises(SystemExit, match="SECRET_KEY is missing, a placeholder") as stop:
        load_settings()
    assert "what to do" in str(stop.value)
    assert "hunter2" not in str(stop.value)
    monkeypatch.setenv("ENVIRONMENT", "development")
    monkeypatch.setenv("LOG_LEVEL", "verbose")
    with pytest.raises(SystemExit, match="LOG_LEVEL: Input should be"):
        load_settings()


class TestNames:
    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("SECRETKEY", "SECRET_KEY"),
            ("secret_kye", "SECRET_KEY"),
            ("DATABASE_URI", "DATABASE_URL"),
            ("CORS_ORIGIN", "CORS_ORIGINS"),
            ("BCRYPT_ROUND", "BCRYPT_ROUNDS"),
            ("FASTMCP_LOGLEVEL", "FASTMCP_LOG_LEVEL"),
            ("ALLOWED_HOST", "ALLOWED_HOSTS"),
        ],
    )
    def test_a_misspelt_one_is_named_with_the_one_that_was_meant(self, name, meant):
        (line,) = unknown_names([name])
        assert line.endswith(f"{name.upper()} is not a setting; did you mean {meant}?")

    def test_others_are_none_of_its_business(self):
        others = ["PATH", "HOME", "POSTGRES_PASSWORD", "PORT", "LANG", "PGPASSWORD", "HOSTNAME"]
        assert unknown_names([*others, "secret_key", "LOG_LEVEL", "FASTMCP_LOG_LEVEL"]) == []

    def test_one_that_is_gone_is_named_with_what_took_its_place(self):
        (line,) = unknown_names(["LOGIN_FAILURE_LIMIT"])
        assert "LOGIN_FAILURES" in line

    def test_they_are_looked_for_in_the_environment_and_in_the_file(
        self, monkeypatch, tmp_path, capsys
    ):
        monkeypatch.chdir(tmp_path)
        (tmp_path / ".env").write_text("MODEL_DIR=elsewhere\n")
        monkeypatch.setenv("LOGLEVEL", "debug")
        load_settings()
        said = capsys.readouterr().err
        assert "did you mean MODELS_DIR?" in said
        assert "did you mean LOG_LEVEL?" in said
        assert "elsewhere" not in said
