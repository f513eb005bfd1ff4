"""A view of the company's own database as the register: read only, looked at again, and never a password in a message."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from metadata.interfaces import RegisterWrong
from metadata.register import Register
from metadata.register_import import import_from, refresh_from
from metadata.register_view import CustomerView
from metadata.register_watch import ViewWatch
from metadata.values import CustomerState, RegisterFault
from tests.metadata.register_rows import NOW, number_scheme
from tests.metadata.samples import StandingClock

CREATE = (
    "CREATE TABLE crm_customers (konto VARCHAR(20), who VARCHAR(40), sq_m NUMERIC(8,2), status VARCHAR(20), "
    "address VARCHAR(200), updated_at TIMESTAMP, secret VARCHAR(20))",
    "INSERT INTO crm_customers VALUES ('11-3625-0642', '周明辉', 64.20, '在用', '杏林苑25号楼3单元1103室', '2026-01-01 08:00:00', 'x')",
    "INSERT INTO crm_customers VALUES ('1300552048', '赵大年', NULL, '已过户', NULL, '2026-01-02 08:00:00', 'y')",
    "CREATE VIEW heating AS SELECT konto AS customer_no, who AS name, sq_m AS heated_area, status, address, updated_at "
    "FROM crm_customers",
)


@pytest.fixture
def company(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The company's own database, beside ours: another file, or another database of the server."""
    if database_url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path}/crm.db"
    else:
        from tests.metadata.conftest import new_postgresql_database

        url = new_postgresql_database(request.getfixturevalue("postgresql_server"))
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in CREATE:
            connection.execute(text(statement))
    yield engine
    engine.dispose()


def view_of(company: Engine, changed: str = "") -> CustomerView:
    return CustomerView(company.url.render_as_string(hide_password=False), "heating", changed)


def done(company: Engine, statement: str) -> None:
    with company.begin() as connection:
        connection.execute(text(statement))


def test_customers_of_a_view_are_brought_in(engine: Engine, company: Engine) -> None:
    report = import_from(engine, view_of(company), {}, number_scheme(), NOW)

    assert (report.customers, report.added) == (2, 2)
    zhou, zhao = (Register(engine).by_number(number) for number in ("1136250642", "1300552048"))
    assert zhou is not None
    assert zhao is not None
    assert (zhou.name, zhou.heated_area_m2, zhou.state) == ("周明辉", 64.2, CustomerState.IN_USE)
    assert (zhao.address, zhao.heated_area_m2, zhao.state) == ("", None, CustomerState.TRANSFERRED)
    assert Register(engine).by_address("杏林苑25-3-1103") == (zhou,)


@pytest.mark.parametrize("changed", ["", "updated_at"])
def test_view_that_has_not_changed_is_not_brought_in_again(engine: Engine, company: Engine, changed: str) -> None:
    view = view_of(company, changed)
    refresh_from(engine, view, {}, number_scheme(), NOW)

    assert refresh_from(engine, view, {}, number_scheme(), NOW) is None


@pytest.mark.parametrize("changed", ["", "updated_at"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE crm_customers SET who = '周明晖', updated_at = '2026-02-01 08:00:00' WHERE who = '周明辉'",
        "DELETE FROM crm_customers WHERE konto = '1300552048'",
        "INSERT INTO crm_customers VALUES ('1405003323', '新户', 1, '在用', NULL, '2026-02-01 08:00:00', '')",
    ],
    ids=["changed", "removed", "added"],
)
def test_change_of_the_view_reaches_the_register(engine: Engine, company: Engine, changed: str, statement: str) -> None:
    view = view_of(company, changed)
    refresh_from(engine, view, {}, number_scheme(), NOW)

    done(company, statement)
    report = refresh_from(engine, view, {}, number_scheme(), NOW)

    assert report is not None
    assert report.added + report.changed + report.removed == 1


def test_headings_may_be_named_in_the_configuration(engine: Engine, company: Engine) -> None:
    view = CustomerView(company.url.render_as_string(hide_password=False), "crm_customers")

    import_from(engine, view, {"number": "konto", "name": "who"}, number_scheme(), NOW)

    assert Register(engine).count() == 2


def test_view_in_a_schema_is_read(engine: Engine, company: Engine) -> None:
    schema = "main" if company.dialect.name == "sqlite" else "public"
    view = CustomerView(company.url.render_as_string(hide_password=False), f"{schema}.heating")

    assert import_from(engine, view, {}, number_scheme(), NOW).customers == 2


@pytest.mark.parametrize(
    ("url", "view", "said"),
    [
        ("no address at all", "heating", "url"),
        ("nosuchdatabase://reader:geheim@host/crm", "heating", "driver"),
        ("postgresql+psycopg://reader:geheim@127.0.0.1:1/crm", "heating", "127.0.0.1"),
    ],
)
def test_database_that_cannot_be_read_is_said_without_the_password(
    engine: Engine, url: str, view: str, said: str
) -> None:
    with pytest.raises(RegisterWrong, match=said) as error:
        import_from(engine, CustomerView(url, view), {}, number_scheme(), NOW)

    assert "geheim" not in str(error.value)


def test_view_that_is_not_there_leaves_the_register_as_it_is(engine: Engine, company: Engine) -> None:
    import_from(engine, view_of(company), {}, number_scheme(), NOW)
    done(company, "DROP VIEW heating")

    with pytest.raises(RegisterWrong, match="heating"):
        refresh_from(engine, view_of(company), {}, number_scheme(), NOW)

    assert Register(engine).count() == 2


def watch_of(engine: Engine, company: Engine, clock: StandingClock) -> ViewWatch:
    return ViewWatch(engine, view_of(company), {}, number_scheme(), clock, every_seconds=600)


def waited(engine: Engine, watch: ViewWatch, count: int) -> bool:
    """Refresh until the register has so many customers, ten seconds at most."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        watch.refresh()
        if Register(engine).count() == count:
            return True
        time.sleep(0.02)
    return False


def test_first_look_is_waited_for_because_nobody_is_known_yet(engine: Engine, company: Engine) -> None:
    watch = watch_of(engine, company, StandingClock())

    watch.refresh()
    watch.close()

    assert Register(engine).count() == 2


def test_later_looks_go_on_beside_and_come_when_they_are_due(engine: Engine, company: Engine) -> None:
    clock = StandingClock()
    watch = watch_of(engine, company, clock)
    watch.refresh()
    done(company, "DELETE FROM crm_customers WHERE konto = '1300552048'")

    watch.refresh()
    assert Register(engine).count() == 2
    clock.moment += timedelta(seconds=700)

    assert waited(engine, watch, 1)
    watch.close()


def test_look_that_is_asked_for_is_made_at_once(engine: Engine, company: Engine) -> None:
    watch = watch_of(engine, company, StandingClock())
    watch.refresh()
    done(company, "DELETE FROM crm_customers WHERE konto = '1300552048'")

    watch.refresh(wait=True)
    watch.close()

    assert Register(engine).count() == 1


def test_trouble_of_a_look_is_said_by_the_next_and_does_not_last(engine: Engine, company: Engine) -> None:
    clock = StandingClock()
    watch = watch_of(engine, company, clock)
    watch.refresh()
    done(
        company,
        "ALTER TABLE crm_customers RENAME TO elsewhere" if company.dialect.name != "sqlite" else "DROP VIEW heating",
    )
    if company.dialect.name != "sqlite":
        done(company, "DROP VIEW heating")

    with pytest.raises(RegisterWrong):
        watch.refresh(wait=True)
    watch.refresh()
    watch.close()

    assert Register(engine).count() == 2


def test_files_are_not_imported_over_a_database(engine: Engine, company: Engine, tmp_path: Path) -> None:
    watch = watch_of(engine, company, StandingClock())

    with pytest.raises(RegisterWrong, match="database"):
        watch.bring_in(tmp_path / "customers.csv", dry_run=True)
    watch.close()


def test_what_is_wrong_is_found_in_the_view(engine: Engine, company: Engine) -> None:
    watch = watch_of(engine, company, StandingClock())
    watch.refresh()
    done(company, "INSERT INTO crm_customers VALUES ('1136250642', '又一次', 1, '在用', NULL, NULL, '')")

    faults = {finding.fault: finding.groups for finding in watch.findings()}
    watch.close()

    assert faults[RegisterFault.TWICE] == (("1136250642",),)
    assert faults[RegisterFault.NO_SUCCESSOR] == (("1300552048",),)


def test_company_database_is_only_read(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    with sqlite3.connect(path) as connection:
        for statement in CREATE:
            connection.execute(statement)
    before = path.read_bytes()

    import_from(engine, CustomerView(f"sqlite:///{path}", "heating"), {}, number_scheme(), NOW)

    assert path.read_bytes() == before
