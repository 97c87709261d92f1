"""The composition root: settings → database, vault, Slack, clock → Bolt app, ticker, web server."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store.models.installation import Installation as SlackInstallation
from sqlalchemy.exc import SQLAlchemyError

from bot import schema
from bot.agenda import Agenda
from bot.core import rotation
from bot.core.clock import Clock, SystemClock
from bot.core.database import Database, Transaction
from bot.core.errors import PermanentError
from bot.core.feature import Feature
from bot.core.i18n import gettext as _
from bot.core.metrics import CountedSender, Metrics, MetricsPage
from bot.core.outbox.courier import Courier
from bot.core.outbox.reopening import reopen
from bot.core.readiness import Look, Readiness, key_check, slack_check
from bot.core.scheduling import Ticker
from bot.core.slack.client import Clients
from bot.core.slack.disturbing import SlackRests
from bot.core.slack.effects import Effects
from bot.core.slack.files import SlackFiles
from bot.core.slack.installation_store import save
from bot.core.slack.installations import (
    Heard,
    Installations,
    SingleInstallation,
    SlackProfiles,
    ended_installation,
    unheard,
)
from bot.core.slack.oauth import Client, InstallFlow
from bot.core.slack.oauth_states import SealedStates
from bot.core.slack.requests import Answer, Context, Kind, Services, once
from bot.core.slack.rotation import Rotation
from bot.core.slack.router import Router
from bot.core.slack.sender import WAITING_REASONS, SlackSender
from bot.core.slack.socket import Socket
from bot.core.slack.workspaces import Workspaces
from bot.core.vault import Vault
from bot.core.web import SlackEndpoint, web_app
from bot.features.people.service import People
from bot.keys import key_service
from bot.listening import ANSWERING_SECONDS, METRICS, listen, port_of, runner
from bot.redrawing import Redrawing
from bot.registry import FEATURES, reactions_of, routes_of
from bot.settings import Settings

log = structlog.get_logger(__name__)

COMMAND = "/grow"
STOP_SECONDS = 8.0
"""What starts and stops processes usually waits for 10, and the interpreter takes a moment to end."""
ENDING_SECONDS, RECORDING_SECONDS = 1.0, 2.0
KEY_CHECKED_EVERY, SLACK_CHECKED_EVERY = timedelta(minutes=1), timedelta(seconds=15)


class SocketModeRefused(PermanentError):
    """Slack opens no connection for SLACK_APP_TOKEN; its answer is the cause."""


class Growbot:
    """One running bot. Made by a function call, with nothing happening at import."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        features: Sequence[Feature] = FEATURES,
        ticks: bool = True,
    ) -> None:
        """`ticks` False: nothing is planned or sent until `settle` is called (tests, and the demo's clock)."""
        self.settings = settings
        self.clock = clock or SystemClock()
        self._features = features
        self._ticks = ticks
        directory = People()
        self.database = Database(settings.database_url, Vault(key_service(settings)), reactions_of(features))
        self.metrics = Metrics()
        self.installations = _installations(settings, self.database, self.clock, self.metrics)
        self.clients = Clients(self.installations, settings.slack_api_url)
        self._pending = Look(partial(schema.pending, self.database.engine))
        self.readiness = Readiness(
            self.clock,
            (self._database_problem, timedelta(0)),
            (self._socket_problem, timedelta(0)),
            (key_check(self.database), KEY_CHECKED_EVERY),
            (slack_check(self.clients), SLACK_CHECKED_EVERY),
        )
        profiles, rests = SlackProfiles(self.clients), SlackRests(self.clients)
        files = SlackFiles(self.clients, self.installations)
        self._services = Services(
            self.database, directory, profiles, self.clock, settings.public_url, rests, files
        )
        templates = {template.name: template for feature in features for template in feature.templates}
        self.courier = Courier(
            self.database,
            directory,
            templates,
            CountedSender(SlackSender(self.clients), self.metrics),
            self.clock,
            pace=timedelta(seconds=settings.seconds_between_sends),
        )
        self._agenda = Agenda(features, self._services, self.courier, self.installations)
        self._effects = Effects(self.clients)
        self.routes = routes_of(features)
        for event in ("app_uninstalled", "tokens_revoked"):
            self.routes.events[event] = self._forget_installation
            self.routes.told_again.add(event)
        self._router = Router(self.routes, self._services, self._effects, self._after, self._answered)
        self._redrawing = Redrawing(features, self._services, self._effects)
        self._ticker = Ticker(self.metrics.tick)
        self._socket: Socket | None = None
        self._web: web.AppRunner | None = None
        self._metrics_web: web.AppRunner | None = None

    # --- life ---------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Connect to Slack and begin. Raises what a wrong token, database, key or port raises."""
        with self.database.transaction() as db:
            rotation.check(db, db.vault.keys)
        self.database.wipe_traces()
        await self.installations.connect(self.clients)
        app = self._bolt_app()
        if self.settings.port is not None:
            await self._listen(app)
        if self.settings.metrics_port is not None:
            await self._serve_metrics(self.settings.metrics_port)
        if self.settings.slack_app_token is not None:
            await self._open_socket(app, self.settings.slack_app_token.get_secret_value())
        if self._ticks:
            self._agenda.start(self._ticker)
        log.info("growbot.started", socket_mode=self._socket is not None, port=self.port)

    async def stop(self, *, drain: float = 0.0) -> None:
        """Finish what is in flight, or let go of it in good order, within STOP_SECONDS of which `drain` are still served in full.

        Meanwhile whatever stands before growbot learns from /readyz to send requests elsewhere.
        """
        ends_at = time.monotonic() + STOP_SECONDS
        self.readiness.is_stopping = True
        self._ticker.stop()
        if drain and self._web is not None:
            await self.clock.sleep(drain)
        await _within(ends_at - RECORDING_SECONDS - ENDING_SECONDS - time.monotonic(), self._hang_up())
        await _within(ENDING_SECONDS, self._router.idle())
        left = max(0.5, ends_at - RECORDING_SECONDS - time.monotonic())
        await _within(left + RECORDING_SECONDS, self.courier.stop(left))
        await _within(max(ENDING_SECONDS / 2, ends_at - time.monotonic()), self.installations.idle())
        await self.clients.close()
        self.database.close()

    async def _hang_up(self) -> None:
        """Every request that came in is answered first."""
        if self._socket is not None:
            await _within(ANSWERING_SECONDS, self._socket.answered())
            await self._socket.close()
        served = [each for each in (self._web, self._metrics_web) if each is not None]
        ends = (_within(ANSWERING_SECONDS + ENDING_SECONDS, each.cleanup()) for each in served)
        await asyncio.gather(*ends)

    @property
    def port(self) -> int | None:
        """Where requests are listened for; the one that the system chose, if the settings say 0."""
        return port_of(self._web)

    @property
    def metrics_port(self) -> int | None:
        """Where /metrics is served, as `port`."""
        return port_of(self._metrics_web)

    def _bolt_app(self) -> AsyncApp:
        app = AsyncApp(
            name="growbot",  # otherwise Bolt looks through the source of whoever calls it
            authorize=_authorizer(self.installations),  # type: ignore[arg-type]  # Bolt takes None for a refusal
            client=self.clients.with_token(None),
            process_before_response=True,
            user_facing_authorize_error_message=_not_installed(),
            request_verification_enabled=False,  # done before parsing, in core.web; Socket Mode needs none
        )
        self._router.register(app, COMMAND)
        return app

    async def _open_socket(self, app: AsyncApp, token: str) -> None:
        self._socket = Socket(app, self.clients.with_token(None), token, retried=self.metrics.event_retried)
        self.metrics.watch_socket(self._socket)
        try:
            await self._socket.open()
        except SlackApiError as error:
            raise SocketModeRefused from error

    async def _listen(self, app: AsyncApp) -> None:
        secret = self.settings.slack_signing_secret
        endpoint = (
            SlackEndpoint(app, secret.get_secret_value(), self.clock, self.metrics.event_retried)
            if secret
            else None
        )
        pages = [page for feature in self._features for page in feature.pages]
        routes = [route for page in pages for route in page.routes(self._services)]
        if self.settings.serves_many:
            routes += self._install_flow().routes()
        served = web_app(endpoint, self.readiness.problem, routes)
        self._web = runner(served, lambda: self.readiness.is_stopping)
        await listen(self._web, self.settings.host, self.settings.port)

    async def _serve_metrics(self, port: int) -> None:
        served = web.Application()
        MetricsPage(self.metrics, self.database, self.clock).add_to(served.router)
        self._metrics_web = runner(served, lambda: self.readiness.is_stopping)
        await listen(self._metrics_web, self.settings.metrics_host, port, METRICS)

    def _install_flow(self) -> InstallFlow:
        settings, secret = self.settings, self.settings.slack_client_secret
        client = Client(
            id=settings.slack_client_id or "",
            secret=secret.get_secret_value() if secret else "",
            public_url=settings.public_url or "",
            api_url=settings.slack_api_url,
        )
        states = SealedStates(self.database, self.clock)
        return InstallFlow(client, self.clients, states, self._keep_installation, self.clock)

    async def _keep_installation(self, installation: SlackInstallation) -> None:
        def work(db: Transaction) -> None:
            row = save(db, installation, self.clock.now())
            reopen(db, row.team_id or None, WAITING_REASONS, self.clock.now())

        await self.database.run(work)
        if isinstance(self.installations, Workspaces):
            self.installations.forget()
        self.courier.nudge()

    async def _database_problem(self) -> str | None:
        try:
            missing = await self._pending.answer()
        except schema.NewerDatabase:
            missing = []  # upgraded since this process began, which goes on until it is replaced
        except (SQLAlchemyError, TimeoutError):
            return "the database can't be used: growbot doctor"
        if missing:
            return "the database is not migrated: growbot db upgrade"
        return self.installations.problem()

    async def _socket_problem(self) -> str | None:
        is_deaf = self._socket is not None and not self._socket.connections
        return "no connection to Slack by Socket Mode" if is_deaf else None

    # --- time ---------------------------------------------------------------------------------------

    async def plan(self) -> int:
        """As Agenda.plan."""
        return await self._agenda.plan()

    async def next_due(self) -> datetime | None:
        """As Agenda.next_due."""
        return await self._agenda.next_due()

    async def settle(self) -> None:
        """Do everything that is due now, and return when nothing is left to do."""
        await self._router.idle()
        await self._agenda.settle()
        await self._router.idle()

    def _answered(self, kind: Kind, seconds: float) -> None:
        self.metrics.acks.labels(kind).observe(seconds)

    # --- after an answer ------------------------------------------------------------------------------

    async def _after(self, context: Context) -> None:
        if context.outbox_changed:
            self.courier.nudge()
        await self._redrawing.after(context)

    async def _forget_installation(self, context: Context) -> Answer:
        """The app was removed from the workspace: nothing can be sent there any more."""
        ended = ended_installation(context.payload)
        if ended is not None:
            await self.installations.revoke(*ended, heard=self._once(context))
        return Answer()

    def _once(self, context: Context) -> Heard:
        """What Slack repeats, or somebody copies, takes effect once."""
        key = context.dedup_key
        return unheard if key is None else lambda db: once(db, key, self.clock.now())


def _installations(settings: Settings, database: Database, clock: Clock, metrics: Metrics) -> Installations:
    if settings.serves_many:
        secret = settings.slack_client_secret.get_secret_value() if settings.slack_client_secret else ""
        rotation = Rotation(database, clock, settings.slack_client_id or "", secret, metrics.rotation)
        return Workspaces(database, clock, rotation)
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    return SingleInstallation(token, database)


async def _within(seconds: float, ending: Awaitable[None]) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(ending, seconds)


def _not_installed() -> str:
    return _(
        "growbot isn't installed here any more. What you wrote is kept; whoever looks after your apps can add it again."
    )


def _authorizer(installations: Installations) -> Callable[..., Awaitable[AuthorizeResult | None]]:
    """Bolt reads the names of the arguments, and takes the `self` of a bound method for one."""

    async def authorize(
        enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult | None:
        return await installations.authorize(enterprise_id, team_id, user_id)

    return authorize
