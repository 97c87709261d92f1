"""`growbot` as a process of its own."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path


async def started(
    folder: Path, environment: Mapping[str, str], *words: str, out: int = asyncio.subprocess.PIPE
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        cwd=folder,
        env=environment,
        stdout=out,
        stderr=asyncio.subprocess.PIPE,
    )


async def growbot(folder: Path, environment: Mapping[str, str], *words: str) -> tuple[int, str]:
    """The exit code, and everything printed."""
    process = await started(folder, environment, *words)
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, (out + err).decode()
