"""Facts with their sources, episodes, and what consolidation did; and ids of messages that are never given
twice, because facts cite them.

`messages` is made anew for that: its indexes and the triggers of 0002 are made anew with it. The rows keep
their ids, so the index of words and everything that refers to them stays true.
"""

from peewee import Database

_MESSAGES = (
    "drop trigger message_wants_vector",
    "drop trigger message_lost_its_meaning",
    """
    create table messages_anew(
        id integer not null primary key autoincrement,
        realm text not null,
        platform_id integer not null,
        guild_id integer,
        channel_id integer not null,
        author_id integer not null,
        author_name text not null,
        is_bot integer not null,
        is_self integer not null,
        text text not null,
        reply_to integer,
        sent_at integer not null,
        edited_at integer,
        extras text not null)
    """,
    """
    insert into messages_anew(id, realm, platform_id, guild_id, channel_id, author_id, author_name, is_bot,
        is_self, text, reply_to, sent_at, edited_at, extras)
    select id, realm, platform_id, guild_id, channel_id, author_id, author_name, is_bot,
        is_self, text, reply_to, sent_at, edited_at, extras from messages order by id
    """,
    "drop table messages",
    "alter table messages_anew rename to messages",
    "create unique index message_realm_platform_id on messages(realm, platform_id)",
    "create index message_channel_id_sent_at on messages(channel_id, sent_at)",
    "create index message_author_id_sent_at on messages(author_id, sent_at)",
    """
    create trigger message_wants_vector after insert on messages when new.text <> '' begin
        insert or ignore into embeddings_waiting(message_id) values (new.id);
    end
    """,
    """
    create trigger message_lost_its_meaning after update of text on messages when new.text <> old.text begin
        delete from embeddings where message_id = new.id;
        delete from embeddings_waiting where message_id = new.id;
        insert into embeddings_waiting(message_id) select new.id where new.text <> '';
    end
    """,
)

_FACTS = (
    """
    create table facts(
        id integer not null primary key autoincrement,
        person_id integer not null references people(id) on delete cascade,
        realm text not null,
        text text not null,
        category text not null,
        first_mentioned integer not null,
        last_mentioned integer not null,
        reference_count integer not null,
        importance real not null,
        importance_by text not null,
        trust real not null,
        valid_from integer not null,
        valid_to integer,
        author_id integer not null,
        guild_id integer,
        channel_id integer not null,
        protected integer not null,
        state text not null,
        binned_at integer,
        last_used_at integer,
        vector blob,
        model text)
    """,
    "create index facts_person_id_state on facts(person_id, state)",
    "create index facts_realm_state_last_mentioned on facts(realm, state, last_mentioned)",
    """
    create table fact_sources(
        id integer not null primary key,
        fact_id integer not null references facts(id) on delete cascade,
        message_id integer references messages(id) on delete set null,
        platform_id integer not null,
        author_id integer not null,
        guild_id integer,
        channel_id integer not null,
        text text not null,
        said_at integer not null)
    """,
    "create unique index fact_sources_fact_id_platform_id on fact_sources(fact_id, platform_id)",
    "create index fact_sources_message_id on fact_sources(message_id)",
    "create index fact_sources_platform_id on fact_sources(platform_id)",
)

_EPISODES = (
    """
    create table episodes(
        id integer not null primary key autoincrement,
        realm text not null,
        text text not null,
        started_at integer not null,
        ended_at integer not null,
        guild_id integer,
        channel_id integer not null,
        feeling text not null,
        pleasure real,
        arousal real,
        dominance real,
        importance real not null,
        importance_by text not null,
        insight integer not null,
        protected integer not null,
        state text not null,
        binned_at integer,
        last_used_at integer,
        vector blob,
        model text)
    """,
    "create index episodes_realm_channel_id_ended_at on episodes(realm, channel_id, ended_at)",
    """
    create table episode_people(
        id integer not null primary key,
        episode_id integer not null references episodes(id) on delete cascade,
        person_id integer not null references people(id) on delete cascade)
    """,
    "create unique index episode_people_episode_id_person_id on episode_people(episode_id, person_id)",
    "create index episode_people_person_id on episode_people(person_id)",
    """
    create table episode_sources(
        id integer not null primary key,
        episode_id integer not null references episodes(id) on delete cascade,
        message_id integer references messages(id) on delete set null,
        platform_id integer not null)
    """,
    "create unique index episode_sources_episode_id_platform_id on episode_sources(episode_id, platform_id)",
    "create index episode_sources_message_id on episode_sources(message_id)",
    """
    create table episode_cites(
        id integer not null primary key,
        insight_id integer not null references episodes(id) on delete cascade,
        episode_id integer not null references episodes(id) on delete cascade)
    """,
    "create unique index episode_cites_insight_id_episode_id on episode_cites(insight_id, episode_id)",
    "create index episode_cites_episode_id on episode_cites(episode_id)",
)

_CONSOLIDATIONS = (
    """
    create table watermarks(
        id integer not null primary key,
        realm text not null,
        kind text not null,
        subject integer not null,
        message_id integer not null,
        at integer not null)
    """,
    "create unique index watermarks_realm_kind_subject on watermarks(realm, kind, subject)",
    """
    create table memory_runs(
        id integer not null primary key autoincrement,
        realm text not null,
        cause text not null,
        state text not null,
        started_at integer not null,
        ended_at integer,
        messages integer not null,
        note text not null)
    """,
    """
    create table memory_changes(
        id integer not null primary key autoincrement,
        run_id integer not null references memory_runs(id) on delete cascade,
        person_id integer not null references people(id) on delete cascade,
        at integer not null,
        kind text not null,
        fact_id integer not null,
        before text,
        after text,
        undone_at integer)
    """,
    "create index memory_changes_run_id on memory_changes(run_id)",
    "create index memory_changes_person_id_at on memory_changes(person_id, at)",
    "create index memory_changes_fact_id on memory_changes(fact_id)",
)


def up(migrator: object, db: Database) -> None:
    for statement in (*_MESSAGES, *_FACTS, *_EPISODES, *_CONSOLIDATIONS):
        db.execute_sql(statement)  # type: ignore[no-untyped-call]
