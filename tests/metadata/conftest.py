"""Databases for the tests: a real SQLite file, and the same again on a real PostgreSQL where that is installed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from metadata.database import open_database
from metadata.identify import Identifier
from metadata.journal import Journal
from metadata.reference_code import ReferenceScheme
from metadata.register import Register
from tests.metadata.postgresql_server import programs, running_server
from tests.metadata.register_rows import number_scheme, register_in, scheme
from tests.metadata.samples import StandingClock

PATTERN = "{category}-{year}-{kind}-{number:05}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Give the address of a server of our own."""
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL's server programs (initdb, postgres) are not installed")
    with running_server(folder) as url:
        yield url


def new_postgresql_database(server_url: str) -> str:
    """Make an empty database on the server and return its address."""
    name = f"t{uuid.uuid4().hex}"
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    engine.dispose()
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database that is not made yet (SQLite) or empty (PostgreSQL)."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'guidang.db'}"
    server_url: str = request.getfixturevalue("postgresql_server")
    return new_postgresql_database(server_url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Give an open database with our tables."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def journal(engine: Engine) -> Journal:
    """Return a journal on an empty database."""
    return Journal(engine, ReferenceScheme(PATTERN), StandingClock())


@pytest.fixture(scope="module")
def register_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give an open database for the register."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('register') / 'guidang.db'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def register(register_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Register:
    """Return the invented register."""
    return register_in(register_engine, tmp_path_factory.mktemp("file"))


@pytest.fixture(scope="module")
def identifier(register: Register) -> Identifier:
    """Return an identifier with the scheme of the example configuration: every kind needs a customer."""
    return Identifier(register, number_scheme(), scheme())


@pytest.fixture
def lenient(register: Register) -> Identifier:
    """Return an identifier with a scheme of which no kind needs a customer."""
    kinds = tuple(replace(kind, needs_customer=False) for kind in scheme().kinds)
    return Identifier(register, number_scheme(), replace(scheme(), kinds=kinds))
