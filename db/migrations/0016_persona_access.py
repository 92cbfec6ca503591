"""A persona may be open to some people or servers only, and kept out of the lists it is chosen from."""

from peewee import Database


def up(migrator: object, db: Database) -> None:
    db.execute_sql(  # type: ignore[no-untyped-call]
        """
        create table persona_access(
            persona_id integer not null primary key references personas(id) on delete cascade,
            use text not null,
            see text not null)
        """
    )
