"""A house without a server: the core's functions on an open database, for tests that need more than the API shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from poolhouse.clock import Clock
from poolhouse.config import Settings
from poolhouse.crypto.batches import Batches
from poolhouse.crypto.seal import Keyring
from poolhouse.delivery.inbox import Inbox
from poolhouse.delivery.outbox import Outbox
from poolhouse.jobs.deliver import Deliveries
from poolhouse.pool.call import Call, House
from poolhouse.pool.configuration.signing_keys import KeyStock
from poolhouse.pool.configuration.snapshots import Configuration
from poolhouse.pool.hashing_threads import HashingThreads
from poolhouse.storage.engine import open_database
from poolhouse.storage.generation import SharedCounters
from poolhouse.wire import shapes


@asynccontextmanager
async def open_house(data: Path, database_url: str, **others: Any) -> AsyncIterator[House]:
    """others: settings beside those that a house cannot be without."""
    settings = Settings(
        data=data,
        database_url=database_url,
        public_url="http://localhost:9229",
        domain_suffix="auth.localhost",
        **others,
    )
    keyring = Keyring([bytes(range(32))])
    counters = SharedCounters(data / "counters")
    db = await open_database(settings)
    outbox: Outbox | None = None
    try:
        configuration = Configuration(settings, db, keyring, counters, clock := Clock())
        inbox = Inbox(db, keyring, clock, counters)
        outbox = Outbox(settings, keyring, inbox, clock)
        house = House(settings, db, keyring, configuration, outbox, clock)
        house.counters, house.inbox = counters, inbox
        house.deliver = Deliveries(db, outbox, clock).deliver
        house.key_stock, house.hashing_threads = KeyStock(), HashingThreads()
        house.batches = Batches(None)
        yield house
        house.hashing_threads.close()
    finally:
        if outbox is not None:
            await outbox.close()
        await db.close()
        counters.close()


async def new_call(house: House, operation: str, user_pool_id: str | None = None) -> Any:
    """A call as the edge hands it over: the pool is found when one is named."""
    call = Call(house, request_id="test", operation=operation)
    if user_pool_id is not None:
        return call.in_pool(await house.configuration.user_pool(user_pool_id))
    return call


async def new_pool(house: House, **settings: object) -> str:
    from poolhouse.pool.settings import user_pools

    request = shapes.CreateUserPoolRequest(PoolName="pool", **settings)  # type: ignore[arg-type]
    made = await user_pools.create(await new_call(house, "CreateUserPool"), request)
    return made.Id or ""
