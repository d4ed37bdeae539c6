"""Processes that write to one SQLite file without a pause, until they are told to stop."""

import subprocess
import sys
from pathlib import Path

WRITER = """
import asyncio, sys
from pathlib import Path
from poolhouse.config import Settings
from poolhouse.storage.engine import open_database

async def main(data, name):
    db = await open_database(Settings(data=Path(data)))
    print("ready", flush=True)
    sys.stdin.readline()
    over = asyncio.create_task(asyncio.to_thread(sys.stdin.readline))

    async def client(number):
        count = 0
        while not over.done():
            count += 1
            key = f"{name}-{number}-{count}".encode()
            async def work(tx):
                await tx.execute("INSERT INTO spent (user_pool_id, value_hash, expires_at) VALUES ('p', $1, 1)", key)
            await db.write(work)
        return count

    done = await asyncio.gather(*(client(number) for number in range(8)))
    await db.close()
    print(sum(done), flush=True)

asyncio.run(main(sys.argv[1], sys.argv[2]))
"""


class Writers:
    """Three processes, eight clients each; they begin together."""

    def __init__(self, data: Path) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._processes = [subprocess.Popen([sys.executable, "-c", WRITER, str(data), name], **pipes) for name in "abc"]
        for process in self._processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        self._tell("begin")

    def stop(self) -> list[int]:
        """How many rows each has written."""
        self._tell("stop")
        return [int(process.communicate()[0]) for process in self._processes]

    def _tell(self, word: str) -> None:
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(f"{word}\n")
            process.stdin.flush()
