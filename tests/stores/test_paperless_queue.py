"""Several uploads at once: names are made once, and the server is asked at a steady pace."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from connector.paperless.address import ServerAddress
from connector.paperless.client import PaperlessClient
from connector.paperless.task_values import TaskState
from connector.paperless.tasks import Tasks
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.server import TOKEN
from tests.stores.conftest import paperless_store
from tests.stores.submissions import Paper


def test_many_threads_file_each_record_once(stand_in: StandIn, paper: Paper) -> None:
    store = paperless_store(stand_in)
    papers = [paper.but(record_id=f"r{number}", content=b"%%PDF-1.4 %d" % number) for number in range(12)]
    submissions = [one.submission() for one in papers]

    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(store.file, submissions))

    names = [tag.name for tag in stand_in.state.names["tags"].values()]
    assert len(set(ids)) == len(stand_in.state.live) == 12
    assert len(names) == len(set(names))
    store.close()


def test_all_waiting_uploads_together_ask_once_in_a_poll_time(stand_in: StandIn) -> None:
    now, slept = [100.0], [0.0]

    def sleep(seconds: float) -> None:
        slept[0] += seconds
        now[0] += seconds

    client = PaperlessClient(ServerAddress(stand_in.url), TOKEN)
    tasks = Tasks(client, 1.0, sleep=sleep, monotonic=lambda: now[0])
    stand_in.faults.worker_down = True
    waiting = [stand_in.state.queue({}, f"{number}.pdf", b"%PDF").task_id for number in range(5)]

    ended = [tasks.ended(task_id, 2.0) for task_id in waiting]

    assert {task.state for task in ended} == {TaskState.WAITING}
    assert stand_in.count("GET /api/tasks/") <= slept[0] + 1
    client.close()
