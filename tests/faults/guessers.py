"""Wrong passwords, many a second and from many addresses; run as a program.

    python -m tests.faults.guessers PORT NAME ADDRESSES

Two hundred tries a second in all, three of four for NAME and the rest for names that
are not there. No try waits for another. It prints a line at its height: every address
has failed, so that none is a newcomer any more, and as many tries have been answered
as are made in a second. It goes on until its standard input ends; the last line is
JSON: how often each status came.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Final
from urllib.parse import urlencode

PER_S: Final = 200


async def sign_in(
    port: int, name: str, password: str, address: str, cookie: str = ""
) -> tuple[int, str]:
    """Post the form from `address`; return the status and the answer's head."""
    body = urlencode({"name": name, "password": password}).encode()
    head = (
        f"POST /host/signin HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\n{cookie}\r\n"
    )
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port, local_addr=(address, 0)
    )
    try:
        writer.write(head.encode() + body)
        answer = (await reader.read()).decode()
    finally:
        writer.close()
    return int(answer.split(" ")[1]), answer.partition("\r\n\r\n")[0]


async def guess(port: int, name: str, addresses: int) -> Counter[str]:
    """Try until standard input ends; return how often each status came."""
    statuses: Counter[str] = Counter()
    failed: set[str] = set()
    high = asyncio.Event()

    async def one(number: int) -> None:
        who = name if number % 4 else f"ai {number}"
        address = f"127.0.2.{number % addresses + 1}"
        try:
            status, _ = await sign_in(port, who, f"sai {number}", address)
        except (OSError, IndexError, ValueError):
            return
        statuses[str(status)] += 1
        if status == 422:
            failed.add(address)
        if not high.is_set() and len(failed) == addresses and statuses.total() >= PER_S:
            high.set()
            print("at its height", flush=True)  # noqa: T201 - the test waits

    began, number = time.monotonic(), 0
    tries = set()
    stopped = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    while not stopped.done():
        passed = time.monotonic() - began
        # As many as are due: a loop that is held up catches up.
        while number < passed * PER_S:
            tries.add(asyncio.create_task(one(number)))
            number += 1
        await asyncio.sleep(0.005)
    await asyncio.wait(tries, timeout=1)
    return statuses


if __name__ == "__main__":
    port, name, addresses = sys.argv[1:4]
    said = asyncio.run(guess(int(port), name, int(addresses)))
    print(json.dumps(said), flush=True)  # noqa: T201 - its one result
