"""What Alembic runs for every migration; it gets its connection from `migrate`.

There is no alembic.ini: the configuration is made by the package, so that an
installed server upgrades its database as the checkout does. Migrations are
written by hand beside `tables`, which a test compares with their result.
"""

from alembic import context

from quizserver.store.tables import METADATA


def _run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=METADATA,
        # SQLite can roll back a changed schema, though Alembic does not count
        # on it: an upgrade that is cut short leaves the old schema whole.
        transactional_ddl=True,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
