"""The pages the window shows, each handed what it needs of the app. A page's code is loaded when the
page is first wanted, so that the window is there at once."""

from __future__ import annotations

from functools import partial

from core.app import App
from core.doctor.surgery import Surgery
from core.llm import shelf
from core.logs import LogBook
from core.session import Session
from core.words import say
from gui.health import brain_light, storage_light
from gui.pages.page import Page
from gui.pages.session import SessionPage
from gui.reopening import Reopen
from gui.widgets.sidebar import Place
from gui.window import PageEntry
from gui.wizard.step import Needs


def entries(app: App, session: Session, reopen: Reopen | None = None) -> list[PageEntry]:
    """All pages, in the order of the sidebar.

    Args:
        reopen: closes everything, does what needs it closed, and opens again; None: that cannot be done.
    """

    def session_page() -> Page:
        return SessionPage(session, app.feed, app.bus, partial(brain_light, app.roles), storage_light())

    def practice_page() -> Page:
        from gui.pages.practice import PracticePage

        return PracticePage(app.practice, app.personas, app.roles, app.feed, app.bus)

    def persona_page() -> Page:
        from core.conversation.drafting import draft
        from core.conversation.preview import Preview
        from gui.pages.persona import PersonaPage

        drafting = partial(draft, roles=app.roles, speaks=app.desk.speaks)
        preview = Preview(app.desk)
        return PersonaPage(app.personas, preview, app.belongings, app.whereabouts, drafting, app.bus)

    def memory_page() -> Page:
        from gui.pages.memory import MemoryPage

        return MemoryPage(app.notebook, app.night.consolidation, app.bus, app.config.clock.now)

    def mood_page() -> Page:
        from gui.pages.mood import MoodPage

        return MoodPage(app.feelings, app.people, app.personas, app.config.clock, app.bus)

    def people_page() -> Page:
        from gui.pages.people import PeoplePage

        return PeoplePage(app.feelings, app.people, app.personas, app.config.clock, app.bus)

    def training_page() -> Page:
        from gui.pages.training import TrainingPage

        return TrainingPage(app.echoes, app.bus, app.config.clock.now, app.config.zone)

    def conversations_page() -> Page:
        from gui.pages.conversations import ConversationsPage

        return ConversationsPage(
            app.archive,
            app.feed,
            app.notebook,
            app.replay,
            app.feedback,
            app.personas,
            app.bus,
            app.config.clock.now,
        )

    def models_page() -> Page:
        from gui.pages.models import ModelsPage

        return ModelsPage(app.roles, app.settings, app.config.clock, app.bus)

    def privacy_page() -> Page:
        from gui.pages.privacy import PrivacyPage

        return PrivacyPage(
            app.privacy,
            app.holdings,
            app.settings,
            app.personas,
            app.bus,
            app.config.clock.now,
        )

    def safekeeping_page() -> Page:
        from gui.pages.safekeeping import SafekeepingPage

        return SafekeepingPage(app.backups, app.secrets, app.bus, app.config.clock.now, reopen)

    def checkup_page() -> Page:
        from gui.pages.checkup import CheckupPage

        return CheckupPage(surgery_of(app, session), app.bus)

    def settings_page() -> Page:
        from gui.pages.settings import SettingsPage

        return SettingsPage(app.settings, app.bus)

    def logs_page() -> Page:
        from gui.pages.logs import LogsPage

        return LogsPage(LogBook(app.logs), app.logs, app.bus)

    return [
        PageEntry(Place("session", say("Session"), "session", 0), session_page),
        PageEntry(Place("practice", say("Practice"), "practice", 0), practice_page),
        PageEntry(Place("persona", say("Persona"), "persona", 0), persona_page),
        PageEntry(Place("memory", say("Memory"), "memory", 0), memory_page),
        PageEntry(Place("mood", say("Mood"), "mood", 0), mood_page),
        PageEntry(Place("people", say("People"), "people", 0), people_page),
        PageEntry(Place("training", say("Training"), "training", 0), training_page),
        PageEntry(Place("conversations", say("Conversations"), "conversations", 0), conversations_page),
        PageEntry(Place("models", say("Models"), "models", 1), models_page),
        PageEntry(Place("privacy", say("Privacy"), "lock", 1), privacy_page),
        PageEntry(Place("checkup", say("Check-up"), "checkup", 1), checkup_page),
        PageEntry(Place("safekeeping", say("Backups and keys"), "key", 1), safekeeping_page),
        PageEntry(Place("settings", say("Settings"), "settings", 1), settings_page),
        PageEntry(Place("logs", say("Logs"), "logs", 1), logs_page),
    ]


def surgery_of(app: App, session: Session) -> Surgery:
    """What examines an app."""
    environ = dict(app.config.environ)
    return Surgery(app.desk, app.backups, app.secrets, session, environ, app.keyring)


def guide_needs(app: App, session: Session) -> Needs:
    """What the set-up guide works with."""
    start_ollama = partial(app.roles.start_ollama, clock=app.config.clock)
    look = partial(shelf.look, app.roles)
    return Needs(session, app.secrets, app.personas, look, start_ollama, settings=app.settings)
