"""A real terminal (pty) with a process in it, which shows what somebody who sits there would see."""

import asyncio
import fcntl
import os
import pty
import signal
import sys
import termios
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

SECONDS = 60


class Terminal:
    def __init__(self, screen: int, process: asyncio.subprocess.Process) -> None:
        self.process, self.shown = process, ""
        self._screen, self._more = screen, asyncio.Event()
        self._read_to = 0
        asyncio.get_running_loop().add_reader(screen, self._take)

    def _take(self) -> None:
        try:
            found = os.read(self._screen, 65536)
        except OSError:  # the last process that had it open has ended
            found = b""
        if not found:
            asyncio.get_running_loop().remove_reader(self._screen)
        self.shown += found.decode(errors="replace").replace("\r\n", "\n")
        self._more.set()

    async def shows(self, text: str) -> str:
        """Wait for a text after the last one that was waited for; what was shown until then."""

        async def until() -> str:
            while text not in self.shown[self._read_to :]:
                self._more.clear()
                await self._more.wait()
            ends = self.shown.index(text, self._read_to) + len(text)
            part, self._read_to = self.shown[self._read_to : ends], ends
            return part

        try:
            return await asyncio.wait_for(until(), SECONDS)
        except TimeoutError:
            raise AssertionError(f"{text!r} is not in: {self.shown[self._read_to :]!r}") from None

    def type(self, line: str) -> None:
        os.write(self._screen, f"{line}\n".encode())

    def interrupt(self) -> None:
        os.write(self._screen, b"\x03")

    async def code(self) -> int:
        return await asyncio.wait_for(self.process.wait(), SECONDS)


def _sit_down() -> None:
    """/dev/tty is this one, and Ctrl-C is heard: whatever a shell runs in the background begins with it ignored."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@asynccontextmanager
async def terminal(folder: Path, environment: Mapping[str, str], *words: str) -> AsyncIterator[Terminal]:
    screen, end = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=folder,
        env={**environment, "TERM": "xterm"},
        stdin=end,
        stdout=end,
        stderr=end,
        start_new_session=True,
        preexec_fn=_sit_down,
    )
    os.close(end)
    try:
        yield Terminal(screen, process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        asyncio.get_running_loop().remove_reader(screen)
        os.close(screen)
