"""The configuration: the example runs as it stands, and everything wrong is said with file, key, value and remedy."""

from __future__ import annotations

import pickle
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

import pytest
from pydantic import ValidationError

from connector.config import Section, _File, load
from connector.config_errors import ConfigWrong, _model_in
from connector.duties import DEFAULT_DUTIES
from tests.connector.example_config import EXAMPLE, written

FOLDER_STORE = 'use = "folder"'


def test_example_runs_as_it_stands(tmp_path: Path) -> None:
    config = load(written(tmp_path))

    assert config.data_path == tmp_path / "data"
    assert config.database_url == f"sqlite:///{tmp_path}/data/guidang.sqlite"
    assert [inbox.name for inbox in config.inboxes] == ["客户服务", "工程技术", "财务"]
    assert config.store.folder is not None
    assert config.store.folder.path == tmp_path / "archive"
    assert len(config.scheme.kinds) == 17


def test_duties_of_the_example_are_those_that_stand_without_any(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    first, last = text.index("[[duties]]"), text.index("# Reference codes")
    path = written(tmp_path, (text[first:last], ""))

    assert load(path).duties == load(written(tmp_path / "whole")).duties == DEFAULT_DUTIES


def test_no_duties_means_that_permissions_are_left_alone(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    first, last = text.index("[[duties]]"), text.index("# Reference codes")

    config = load(written(tmp_path, (text[first:last], ""), ("plugins = []", "plugins = []\nduties = []")))

    assert config.duties == ()


def test_packaged_example_is_the_one_at_the_top() -> None:
    packaged = files("connector").joinpath("config.example.toml").read_bytes()

    assert packaged == EXAMPLE.read_bytes()


def test_example_names_every_key() -> None:
    """Every key of every section stands in the example, written or commented out."""
    text = EXAMPLE.read_text(encoding="utf-8")

    missing = [key for key in _keys(_File) if f"{key} =" not in text and f"{key}]" not in text]

    assert missing == []


def _keys(model: type[Section]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name
        inner = _model_in(field.annotation)
        if inner is not None and issubclass(inner, Section):
            yield from _keys(inner)


def test_relative_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, ('path = "data"', 'path = "../elsewhere/data"'))
    monkeypatch.chdir("/")

    config = load(path)

    assert config.data_path == tmp_path.parent / "elsewhere" / "data"


def test_relative_sqlite_url_is_relative_to_the_file(tmp_path: Path) -> None:
    config = load(written(tmp_path, ('url = ""', 'url = "sqlite:///journal.db"')))

    assert config.database_url == f"sqlite:///{tmp_path}/journal.db"


def test_values_never_change(tmp_path: Path) -> None:
    config = load(written(tmp_path))

    with pytest.raises(ValidationError):
        config.reading.workers = 3


def _error(folder: Path, *changes: tuple[str, str]) -> ConfigWrong:
    path = written(folder, *changes)
    with pytest.raises(ConfigWrong) as raised:
        load(path)
    assert str(path) in str(raised.value.what)
    return raised.value


@pytest.mark.parametrize(
    ("before", "after", "key", "says"),
    [
        ("quiet_seconds = 2", "quite_seconds = 2", "inboxes[1].quite_seconds", "quiet_seconds"),
        ("[thresholds]", "[thresholdz]", "thresholdz", "thresholds"),
        ('watch = "events"', 'watch = "event"', "inboxes[1].watch", "events"),
        ('batch = "sheets"', 'batch = "separatorz"', "inboxes[1].batch", "blank"),
        ("kind = 0.6", "kind = 1.6", "thresholds.kind", "1"),
        ("max_pages = 1000", "max_pages = 0", "reading.max_pages", "1"),
        ("max_pages = 1000", 'max_pages = "many"', "reading.max_pages", "whole number"),
        ("workers = 0", "workers = true", "reading.workers", "whole number"),
        ("poll_seconds = 60", 'poll_seconds = "60"', "inboxes[1].poll_seconds", "number"),
        ('name = "工程技术"', 'name = "客户服务"', "inboxes[2].name", "own"),
        ('kind = ""', 'kind = "contrakt"', "inboxes[1].kind", "contract"),
        (FOLDER_STORE, 'use = "foldr"', "store.use", "folder"),
        (FOLDER_STORE, 'use = "paperless"', "store.use", "[store.paperless]"),
        ('path = "data"', 'path = "inbox/客户服务/data"', "data.path", "elsewhere"),
        ('path = "inbox/财务"', 'path = "inbox/客户服务/财务"', "inboxes[3].path", "elsewhere"),
        ('path = "archive"', 'path = "inbox/财务/archive"', "store.folder.path", "elsewhere"),
        ('language = "auto"', 'language = "zh_CN"', "language", "zh"),
        ('see = ["service", "use"]', 'see = ["servicex", "use"]', "duties[2].see", "service"),
        ('held = "change"', 'held = "edit"', "duties[1].held", "change"),
        ('zh = "业务文员"', 'zh = "档案管理员"', "duties[2].zh", "own"),
    ],
)
def test_wrong_key_or_value_is_named_with_its_remedy(
    tmp_path: Path, before: str, after: str, key: str, says: str
) -> None:
    error = _error(tmp_path, (before, after))

    assert error.key == key
    assert key in str(error.what)
    assert says in str(error)


def test_missing_section_is_named(tmp_path: Path) -> None:
    error = _error(tmp_path, ("[data]\n", "[database]\n"), ("[database]\nurl", "#url"), ('path = "data"', ""))

    assert error.key == "data"
    assert "missing" in str(error.what)


def test_wrong_scheme_names_file_and_key(tmp_path: Path) -> None:
    error = _error(tmp_path, ("[[scheme.kinds]]", "[[scheme.kindz]]"))

    assert "kind" in str(error)


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    error = _error(tmp_path, ("[data]", "[data"))

    assert "line" in str(error.what)


def test_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigWrong, match="guidang init"):
        load(tmp_path / "nothing.toml")


def test_file_saved_by_notepad_with_a_mark_is_read(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert load(path).language == "auto"


def test_file_in_another_encoding_is_said(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))

    with pytest.raises(ConfigWrong, match="not valid TOML"):
        load(path)


def test_error_survives_pickling(tmp_path: Path) -> None:
    error = _error(tmp_path, ("[thresholds]", "[thresholdz]"))

    again = pickle.loads(pickle.dumps(error))

    assert (str(again), again.key) == (str(error), error.key)


def test_no_key_can_hold_a_token() -> None:
    """Secrets come from the environment or a token_file: a key named token or password is unknown."""
    raw: Mapping[str, object] = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))

    assert raw
    assert not {"token", "password", "secret"} & set(_keys(_File))


def test_unknown_inbox_suggests_the_near_one(tmp_path: Path) -> None:
    config = load(written(tmp_path))

    with pytest.raises(ConfigWrong, match="客户服务"):
        config.inbox("客户服")
