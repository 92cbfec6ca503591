"""The tables as the program knows them today. Files are made and changed by db/migrations alone; a test
compares the two."""

from __future__ import annotations

from db.attempts import AttemptRow
from db.audit import AuditRow
from db.channel_settings import ChannelSettingRow
from db.channels import Channel
from db.consolidations import MemoryChangeRow, RunRow
from db.conversations import ConversationPersonRow, ConversationRow
from db.echo_consents import EchoConsentEventRow, EchoConsentRow
from db.echo_jobs import EchoJobLineRow, EchoJobRow
from db.echo_messages import EchoMarkRow, EchoMessageRow
from db.echo_sessions import EchoReplyRow, EchoSessionRow, EchoVoteRow
from db.echoes import EchoModelRow, EchoRow
from db.embeddings import EmbeddingRow, WaitingRow
from db.episodes import CiteRow, EpisodePersonRow, EpisodeRow, EpisodeSourceRow
from db.facts import FactRow, SourceRow
from db.jobs import Occurrence
from db.messages import Message
from db.modlog import ModLogRow
from db.moods import MomentRow, MoodRow
from db.people import Person, PersonName
from db.persona_access import PersonaAccessRow
from db.persona_files import PersonaFileRow
from db.personas import PersonaRow
from db.quirks import QuirkChangeRow, QuirkRow
from db.ratings import RatingRow
from db.relationships import ChangeRow, RelationshipRow
from db.reminders import ReminderRow
from db.servers import ListedRow, ServerSettingRow
from db.state import Secret, Setting, State
from db.tickets import TicketRow
from db.turns import PartRow, TurnRow
from db.warnings import WarningRow
from db.watermarks import WatermarkRow

MODELS = (
    Message,
    Person,
    PersonName,
    PersonaRow,
    PersonaFileRow,
    PersonaAccessRow,
    State,
    Setting,
    Secret,
    TurnRow,
    PartRow,
    Occurrence,
    EmbeddingRow,
    WaitingRow,
    Channel,
    RelationshipRow,
    ChangeRow,
    MoodRow,
    MomentRow,
    QuirkRow,
    QuirkChangeRow,
    FactRow,
    SourceRow,
    EpisodeRow,
    EpisodePersonRow,
    EpisodeSourceRow,
    CiteRow,
    WatermarkRow,
    RunRow,
    MemoryChangeRow,
    ConversationRow,
    ConversationPersonRow,
    ChannelSettingRow,
    ReminderRow,
    AttemptRow,
    WarningRow,
    ModLogRow,
    TicketRow,
    ServerSettingRow,
    ListedRow,
    RatingRow,
    AuditRow,
    EchoConsentRow,
    EchoConsentEventRow,
    EchoMessageRow,
    EchoMarkRow,
    EchoRow,
    EchoModelRow,
    EchoJobRow,
    EchoJobLineRow,
    EchoSessionRow,
    EchoReplyRow,
    EchoVoteRow,
)
