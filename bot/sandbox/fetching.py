"""What Slack or a browser fetches from growbot's own address: pictures, and an export."""

import io
import re
import zipfile

from aiohttp import ClientSession

from bot.sandbox.surfaces import View

PNG = b"\x89PNG"


def pictures_in(view: View) -> list[str]:
    """Their addresses."""
    return [str(block["image_url"]) for block in view.blocks if block["type"] == "image"]


async def is_picture(address: str) -> bool:
    async with ClientSession() as browser, browser.get(address) as answer:
        return answer.status == 200 and (await answer.read()).startswith(PNG)


async def unpacked(text: str) -> list[str]:
    """The names of the files in the export to which a link in this text leads; it is used up then."""
    found = re.search(r"<(http[^|>]+)", text)
    if found is None:
        return []
    async with ClientSession() as browser, browser.post(found[1]) as answer:
        if answer.status != 200:
            return []
        with zipfile.ZipFile(io.BytesIO(await answer.read())) as archive:
            return archive.namelist()
