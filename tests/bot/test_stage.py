"""The stage: a real discord.py client in the simulated Discord, tried in a real browser."""

import asyncio
import io
import json
import queue
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.ext import tasks
from PIL import Image
from playwright.sync_api import FrameLocator, Locator, Page

from bot.stage import Line, Person, Place, Scene, Stage, StageError, run_stage
from tests.support.browser import open_browser
from tests.support.discord import discord_with, pictures, play

SCENE = Scene(
    "Lantern Bay",
    Person("robin", "Robin", id=4242424242424242),
    guild_id=7777777777777777,
    places=(Place("general", id=8888888888888888), Place("introductions", "Say hello")),
    others=(Person("ada", "Ada"),),
    lines=(Line("ada", "general", "The kiln is warm."),),
    links=(("Kiosk", "http://127.0.0.1:9/"),),
)


def card(text: str) -> bytes:
    """A picture that no other text has."""
    shade = sum(text.encode()) % 256
    content = io.BytesIO()
    Image.new("RGB", (240, 320), (shade, 90, 90)).save(content, "PNG")
    return content.getvalue()


def picture_file(text: str) -> discord.File:
    """The card as a file to send."""
    return discord.File(io.BytesIO(card(text)), "card.png")


class StandIn(discord.Client):
    """Does what the real bot does: threads, loops, private answers, direct messages with files.

    It also waits and sleeps without discord.py's help, as bots do.
    """

    def __init__(self) -> None:
        intents = discord.Intents.default()
        intents.message_content = intents.members = True
        super().__init__(intents=intents)
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(vouchers)
        self.due: queue.SimpleQueue[tuple[int, str]] = queue.SimpleQueue()
        self.slept = 0
        self._kept: list[asyncio.Task[None]] = []

    async def setup_hook(self) -> None:
        await self.tree.sync()
        self.look.start()
        self._kept.append(asyncio.create_task(self._sleep_again_and_again()))

    async def _sleep_again_and_again(self) -> None:
        never = asyncio.Event()
        while True:
            await asyncio.sleep(0.2)
            try:
                await asyncio.wait_for(never.wait(), 0.2)
            except TimeoutError:
                self.slept += 1

    @tasks.loop(seconds=0.5)
    async def look(self) -> None:
        """Sends what another thread has queued."""
        try:
            user_id, text = await asyncio.to_thread(self.due.get_nowait)
        except queue.Empty:
            return
        user = await self.fetch_user(user_id)
        await user.send(text, file=picture_file(text), nonce="once")

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot:
            return
        content = await asyncio.to_thread(card, message.content)
        view = discord.ui.View(timeout=None)
        view.add_item(WhyButton(label="Why?"))
        picture = discord.File(io.BytesIO(content), "card.png")
        await message.author.send(f"For: {message.content}", file=picture, view=view)


class WhyButton(discord.ui.Button[discord.ui.View]):
    """Answers whoever presses it."""

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Because you wrote.", ephemeral=True)


@app_commands.command(description="What you have got")
async def vouchers(interaction: discord.Interaction, note: str = "all") -> None:
    """Answers privately, and not at once."""
    await interaction.response.defer(ephemeral=True)
    await asyncio.sleep(0.3)
    content = await asyncio.to_thread(card, note)
    picture = discord.File(io.BytesIO(content), "card.png")
    await interaction.followup.send(f"Vouchers: {note}", file=picture, ephemeral=True)


@dataclass
class Running:
    """A stage in a thread of its own."""

    bot: StandIn = field(default_factory=StandIn)
    ready: threading.Event = field(default_factory=threading.Event)
    stage: Stage | None = None
    loop: asyncio.AbstractEventLoop | None = None
    stop: asyncio.Event | None = None

    @property
    def url(self) -> str:
        assert self.stage is not None
        return self.stage.url

    def run(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        self.loop, self.stop = asyncio.get_running_loop(), asyncio.Event()
        await run_stage(self.bot, SCENE, stop=self.stop, on_ready=self._on_ready)

    def _on_ready(self, stage: Stage) -> None:
        self.stage = stage
        self.ready.set()


@contextmanager
def running_stage() -> Iterator[Running]:
    """A stage at a free port, stopped at the end."""
    running = Running()
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        assert running.ready.wait(20), "the stage did not open"
        yield running
    finally:
        if running.loop is not None and running.stop is not None:
            running.loop.call_soon_threadsafe(running.stop.set)
        thread.join(10)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """One stage for the tests of this module."""
    with running_stage() as opened:
        yield opened


@pytest.fixture(scope="module")
def page(running: Running) -> Iterator[Page]:
    """The stage's page in a real browser of a phone's size, opened once for all."""
    with open_browser() as browser:
        opened = browser.new_page(viewport={"width": 390, "height": 780})
        opened.set_default_timeout(10_000)
        opened.goto(running.url)
        yield opened


def go_to(page: Page, place: str) -> Locator:
    """Shows a place, and returns its tab."""
    tab = page.locator(f'[data-place="{place}"]')
    tab.click()
    return tab


def conversation(page: Page) -> FrameLocator:
    """The place that is shown."""
    return page.frame_locator("iframe.shown")


def write(page: Page, text: str) -> None:
    """Writes in the place that is shown and sends it."""
    box = conversation(page).get_by_role("textbox", name="Message")
    box.fill(text)
    box.press("Enter")


def message(page: Page, text: str) -> Locator:
    """The message with this text, in the place that is shown."""
    return conversation(page).locator(".channel-message", has_text=text)


def download(page: Page, text: str) -> bytes:
    """The bytes of the picture in a message, as the browser saves them."""
    button = message(page, text).get_by_role("button", name="Download card.png")
    with page.expect_download() as saved:
        button.click(force=True)
    return saved.value.path().read_bytes()


def test_a_message_in_a_channel_brings_a_direct_message_with_a_picture(page: Page) -> None:
    go_to(page, "general")
    write(page, "I made a bowl")
    page.locator('[data-place="dm"] .badge:not([hidden])').wait_for()
    direct = go_to(page, "dm")
    message(page, "For: I made a bowl").locator("img.attachment-image").wait_for()
    assert download(page, "For: I made a bowl") == card("I made a bowl")
    direct.locator(".badge").wait_for(state="hidden")


def test_a_picture_opens_in_full_size(page: Page) -> None:
    go_to(page, "dm")
    write(page, "Larger, please")
    shown = message(page, "For: Larger, please")
    shown.get_by_role("button", name="Open card.png in image preview").click()
    large = conversation(page).locator(".media-lightbox-image")
    assert large.evaluate("image => image.naturalWidth") == 240
    conversation(page).get_by_role("button", name="Close image preview").click()


def test_a_command_answers_privately_with_a_file(page: Page) -> None:
    go_to(page, "general")
    conversation(page).get_by_role("textbox", name="Message").click()
    page.keyboard.type("/vouchers")
    conversation(page).get_by_role("option", name="/vouchers").wait_for()
    page.keyboard.press("Enter")
    conversation(page).get_by_role("button", name="Send").click()
    answer = message(page, "Vouchers: all")
    answer.get_by_text("Only you can see this").wait_for()
    assert download(page, "Vouchers: all") == card("all")


def test_a_button_is_answered(page: Page) -> None:
    go_to(page, "dm")
    write(page, "What is this for?")
    button = message(page, "For: What is this for?").get_by_role("button", name="Why?")
    button.click()
    message(page, "Because you wrote.").first.wait_for()


def test_what_another_thread_queues_is_sent_by_the_bots_loop(page: Page, running: Running) -> None:
    go_to(page, "dm")
    running.bot.due.put((SCENE.you.id or 0, "From the queue"))
    message(page, "From the queue").locator("img.attachment-image").wait_for()


def test_a_picture_can_be_posted(page: Page) -> None:
    go_to(page, "introductions")
    with page.expect_file_chooser() as chooser:
        conversation(page).get_by_role("button", name="Post a picture").click()
    chooser.value.set_files({"name": "bowl.png", "mimeType": "image/png", "buffer": card("a bowl")})
    conversation(page).get_by_alt_text("bowl.png").wait_for()


def test_bare_sleeps_of_the_bot_go_on(running: Running) -> None:
    before = running.bot.slept
    time.sleep(1.3)
    assert running.bot.slept >= before + 2


def test_chosen_ids_are_kept(running: Running) -> None:
    stage = running.stage
    assert stage is not None
    assert stage.guild_id == 7777777777777777
    assert stage.person_id == 4242424242424242
    assert stage.channel_ids["general"] == 8888888888888888


def test_a_message_sent_from_a_page_that_is_out_of_date_still_arrives(running: Running) -> None:
    stage, loop = running.stage, running.loop
    assert stage is not None and loop is not None
    window = next(window for window in stage.windows if window.slug == "introductions")
    opened = ask(running, "/api/pages", {}, {"X-Simcord-Capability": window.capability})
    told = stage.say("ada", "introductions", "Meanwhile")
    asyncio.run_coroutine_threadsafe(told, loop).result(5)
    body = {
        "protocol_version": 3, "kind": "send_message", "sequence": 1, "request_id": "one",
        "generation": opened["context"]["generation"], "bot_generation": opened["botGeneration"],
        "published_revision": opened["publishedRevision"], "content": "Late", "target_id": None,
    }  # fmt: skip
    headers = {
        "X-Simcord-Capability": window.capability,
        "X-Simcord-Context": opened["context"]["id"],
    }
    assert ask(running, "/api/action", body, headers)["settlement"] == "settled"


def test_without_the_pages_secret_nothing_is_done(running: Running) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(running, "/api/pages", {}, {})
    with refused.value as answer:
        assert answer.code == 401


def ask(running: Running, path: str, body: object, headers: dict[str, str]) -> Any:
    """Posts JSON to the stage and reads its answer."""
    content = json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(running.url.rstrip("/") + path, content, headers)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def test_a_port_in_use_is_told_before_the_bot_starts() -> None:
    async def open_there(port: int) -> None:
        await run_stage(StandIn(), SCENE, port=port, stop=asyncio.Event())

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StageError, match=f"Port {port} on 127.0.0.1 is in use") as problem:
            play(open_there(port))
    assert problem.value.code == "port_in_use"


def test_after_a_stop_the_bot_is_closed_and_the_port_is_free() -> None:
    with running_stage() as opened:
        url = opened.url
    assert opened.bot.is_closed()
    port = int(url.rstrip("/").rpartition(":")[2])
    socket.create_server(("127.0.0.1", port)).close()


def test_without_a_browser_a_test_reads_what_the_bot_sent() -> None:
    async def scenario() -> None:
        async with discord_with(StandIn(), at=datetime(2026, 8, 1, tzinfo=UTC)) as there:
            written = await there.write("Hello")
            assert written.created_at - datetime(2026, 8, 1, tzinfo=UTC) < timedelta(seconds=1)
            [sent] = await there.direct_messages(1)
            assert (sent.content, await pictures(sent)) == ("For: Hello", [card("Hello")])
            [reason] = await there.press(sent, "Why?")
            assert reason.ephemeral and reason.content == "Because you wrote."

    play(scenario())


def test_without_a_browser_a_test_runs_commands_and_lets_loops_turn() -> None:
    async def scenario() -> None:
        bot = StandIn()
        async with discord_with(bot) as there:
            [answer] = await there.command("vouchers", note="mine", by="ada")
            assert answer.ephemeral and await pictures(answer) == [card("mine")]
            bot.due.put((there.you.id, "From the queue"))
            [sent] = await there.direct_messages(1)
            assert sent.content == "From the queue"

    play(scenario())
