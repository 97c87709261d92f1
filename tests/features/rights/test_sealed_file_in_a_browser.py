"""The locked file opens in a browser, without a network, with its code and nothing else."""

from pathlib import Path

from playwright.async_api import async_playwright, expect

from bot.features.rights.sealed_file import new_code, public_half, sealed_page
from tests.sandbox.page.window import ARGUMENTS, CHROMIUM
from tests.scenarios.browser import NEEDS_CHROMIUM

pytestmark = NEEDS_CHROMIUM


async def test_the_code_saves_what_is_in_it_and_another_does_not(tmp_path: Path) -> None:
    code, file = new_code(), tmp_path / "export.html"
    file.write_text(sealed_page(b"what Ben wrote", public_half(code)))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await (await browser.new_context(offline=True)).new_page()
        await page.goto(file.as_uri())
        await page.get_by_label("Code").fill(new_code())
        await page.get_by_role("button").click()
        await expect(page.get_by_role("status")).to_have_text("That is not the code of this file.")
        await page.get_by_label("Code").fill(code.lower())
        async with page.expect_download() as download:
            await page.get_by_role("button").click()
        saved = (await (await download.value).path()).read_bytes()
        await browser.close()
    assert saved == b"what Ben wrote"
