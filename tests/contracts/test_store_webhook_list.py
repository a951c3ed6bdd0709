"""The list of webhooks, taken over by processes that start at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

from pipeline.store import Store


def test_stores_that_take_over_a_new_list_together_agree(store_url: str) -> None:
    with ExitStack() as stack:
        stores = [stack.enter_context(Store.open(store_url)) for _ in range(4)]
        crowd = stack.enter_context(ThreadPoolExecutor(len(stores)))
        together = Barrier(len(stores))

        def take(store: Store, wanted: list[tuple[str, tuple[str, ...]]]) -> None:
            together.wait(20)
            store.webhooks.sync(wanted)

        for turn in range(5):
            wanted = [(f"https://example.org/{turn}/{one}", ("story.new",)) for one in range(3)]
            list(crowd.map(take, stores, [wanted] * len(stores)))  # raises what one of them raised
            assert [one.url for one in stores[0].webhooks.all()] == [url for url, _ in wanted]
