"""Echoes: consents and their ledger, what was read, what was built, the queue, sessions and what was said."""

from peewee import Database

_STATEMENTS = (
    """
    create table echo_consents(
        id integer not null primary key,
        realm text not null,
        guild_id integer,
        guild_name text not null,
        subject_id integer not null,
        subject_name text not null,
        asked_by integer,
        asked_by_name text not null,
        permitted_by integer,
        permitted_by_name text not null,
        source text not null,
        channels text not null,
        cutoff integer not null,
        most integer not null,
        retention_days integer not null,
        use text not null,
        state text not null,
        asked_at integer not null,
        answered_at integer,
        permitted_at integer,
        expires_at integer,
        ended_at integer,
        erased_at integer)
    """,
    "create index echo_consents_asked_by on echo_consents(asked_by)",
    "create index echo_consents_realm_subject_id on echo_consents(realm, subject_id)",
    "create index echo_consents_realm_guild_id_asked_at on echo_consents(realm, guild_id, asked_at)",
    "create index echo_consents_state_expires_at on echo_consents(state, expires_at)",
    """
    create table echo_consent_events(
        id integer not null primary key,
        consent_id integer not null,
        at integer not null,
        act text not null,
        by_id integer,
        detail text not null,
        foreign key (consent_id) references echo_consents (id) on delete cascade)
    """,
    "create index echo_consent_events_consent_id on echo_consent_events(consent_id)",
    """
    create table echo_messages(
        id integer not null primary key,
        consent_id integer not null,
        platform_id integer not null,
        channel_id integer not null,
        sent_at integer not null,
        text text not null)
    """,
    "create index echo_messages_platform_id on echo_messages(platform_id)",
    "create unique index echo_messages_consent_id_platform_id on echo_messages(consent_id, platform_id)",
    """
    create table echo_marks(
        id integer not null primary key,
        consent_id integer not null,
        channel_id integer not null,
        before_id integer not null,
        read integer not null,
        done integer not null)
    """,
    "create unique index echo_marks_consent_id_channel_id on echo_marks(consent_id, channel_id)",
    """
    create table echoes(
        id integer not null primary key,
        consent_id integer not null,
        state text not null,
        profile blob,
        size_bytes integer not null,
        messages integer not null,
        style text not null,
        fidelity text not null,
        samples text not null,
        model text not null,
        base text not null,
        made_at integer not null,
        built_at integer)
    """,
    "create unique index echoes_consent_id on echoes(consent_id)",
    """
    create table echo_models(
        id integer not null primary key,
        name text not null,
        consent_id integer not null,
        host text not null,
        made_at integer not null)
    """,
    "create unique index echo_models_name on echo_models(name)",
    """
    create table echo_jobs(
        id integer not null primary key,
        consent_id integer not null,
        state text not null,
        stage text not null,
        share real not null,
        eta_s real,
        done integer not null,
        total integer not null,
        tries integer not null,
        cancelling integer not null,
        trouble text not null,
        queued_at integer not null,
        not_before integer,
        started_at integer,
        ended_at integer,
        shown_channel integer,
        shown_message integer)
    """,
    "create index echo_jobs_consent_id on echo_jobs(consent_id)",
    "create index echo_jobs_state on echo_jobs(state)",
    """
    create table echo_job_lines(
        id integer not null primary key,
        job_id integer not null,
        at integer not null,
        level text not null,
        key text not null,
        params text not null,
        foreign key (job_id) references echo_jobs (id) on delete cascade)
    """,
    "create index echo_job_lines_job_id on echo_job_lines(job_id)",
    """
    create table echo_sessions(
        id integer not null primary key,
        consent_id integer not null,
        realm text not null,
        guild_id integer,
        channel_id integer not null,
        channel_name text not null,
        started_by integer,
        started_at integer not null,
        last_at integer not null,
        ended_at integer,
        reason text not null,
        heard integer not null,
        replies integer not null,
        tokens integer not null,
        write_ms integer not null,
        latency_ms integer not null)
    """,
    "create index echo_sessions_consent_id on echo_sessions(consent_id)",
    "create index echo_sessions_channel_id on echo_sessions(channel_id)",
    """
    create table echo_replies(
        id integer not null primary key,
        session_id integer not null,
        consent_id integer not null,
        at integer not null,
        answers integer,
        asker_id integer,
        posted_id integer,
        text text not null,
        model text not null,
        tokens integer not null,
        write_ms integer not null,
        latency_ms integer not null,
        drafts integer not null,
        foreign key (session_id) references echo_sessions (id) on delete cascade)
    """,
    "create index echo_replies_session_id on echo_replies(session_id)",
    "create index echo_replies_consent_id on echo_replies(consent_id)",
    "create index echo_replies_asker_id on echo_replies(asker_id)",
    "create index echo_replies_posted_id on echo_replies(posted_id)",
    """
    create table echo_votes(
        id integer not null primary key,
        reply_id integer not null,
        by_id integer not null,
        up integer not null,
        at integer not null,
        foreign key (reply_id) references echo_replies (id) on delete cascade)
    """,
    "create index echo_votes_reply_id on echo_votes(reply_id)",
    "create index echo_votes_by_id on echo_votes(by_id)",
    "create unique index echo_votes_reply_id_by_id on echo_votes(reply_id, by_id)",
)


def up(migrator: object, db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute_sql(statement)  # type: ignore[no-untyped-call]
