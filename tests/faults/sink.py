"""A relay in a process of its own: it counts what it took, whoever is killed, and writes each mail down first.

`python tests/faults/sink.py PORT FILE [--wait MS] [--faults SEED]`: one JSON line for each mail it said 250 to.
"""

import argparse
import asyncio
import json
import random
import re
import time
from pathlib import Path

HELLO = b"250-sink\r\n250 8BITMIME\r\n"
FAULTS = ("421 going away", "450 busy", "451 not now", "452 full")


class Sink:
    """`wait`: seconds before each mail is taken. `chance`: how often something goes wrong, at any stage."""

    def __init__(self, file: Path, wait: float, chance: float, seed: int) -> None:
        self.out = file.open("a")
        self.wait, self.chance, self.random = wait, chance, random.Random(seed)

    def fault(self) -> str | None:
        return self.random.choice(FAULTS) if self.random.random() < self.chance else None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        to = ""
        while line := await reader.readline():
            verb, fault = line[:4].upper(), self.fault()
            if verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                return
            if verb == b"EHLO":
                writer.write(HELLO)
            elif fault:
                writer.write(fault.encode() + b"\r\n")
                if fault.startswith("421"):
                    return
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n")
                if not await self._body(reader, writer, to):
                    return
            else:
                to = line.decode().partition("<")[2].partition(">")[0] if verb == b"RCPT" else to
                writer.write(b"250 ok\r\n")

    async def _body(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, to: str) -> bool:
        """Take a mail; False where the line is dropped after it, before or after it was taken."""
        body = await reader.readuntil(b"\r\n.\r\n")
        if self.wait:
            await asyncio.sleep(self.wait)
        fault = self.fault()
        if fault and not fault.startswith("421"):
            writer.write(fault.encode() + b"\r\n")
            return True
        self._note(body, to)
        if not fault:
            writer.write(b"250 taken\r\n")
        return not fault

    def _note(self, body: bytes, to: str) -> None:
        name = re.search(rb"(?mi)^Message-ID:\s*<([^>]+)>", body)
        line = {"id": name[1].decode() if name else "", "to": to, "at": time.time()}
        self.out.write(json.dumps(line) + "\n")
        self.out.flush()


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--wait", type=float, default=0, help="milliseconds before a mail is taken")
    parser.add_argument("--chance", type=float, default=0, help="of a fault at each step")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sink = Sink(given.file, given.wait / 1000, given.chance, given.seed)
    server = await asyncio.start_server(sink.serve, "127.0.0.1", given.port, limit=2**20)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
