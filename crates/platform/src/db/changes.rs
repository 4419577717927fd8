//! Counts the changes of a PostgreSQL database by all its users. A snapshot alone is not enough, since it
//! covers the whole cluster.

use sea_orm_migration::{SchemaManager, sea_orm::ConnectionTrait, sea_orm::DbErr};

use super::{Migration, Sql, schema};

crate::migration!(CountChanges, "2026_11_24_000001_count_changes", additive, count);

pub(crate) fn migration() -> Box<dyn Migration> {
    Box::new(CountChanges)
}

/// Counts with a sequence, which is incremented immediately, even if the transaction rolls back, and needs no
/// lock or row. The function is SECURITY DEFINER because roles that write tables have no rights on the sequence.
async fn count(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if !schema::is_postgres(manager) {
        return Ok(());
    }
    schema::run(manager, "CREATE SEQUENCE data_changes").await?;
    let function = "DO $do$ BEGIN EXECUTE format( \
        'CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS \
         $$ BEGIN PERFORM pg_catalog.nextval(%L); RETURN NULL; END $$', \
        format('%I.data_changes', current_schema())); END $do$";
    schema::run(manager, function).await
}

/// Adds the counting trigger to every table that lacks it. Does nothing before the migration.
pub(super) async fn watch(tx: &impl Sql) -> Result<(), DbErr> {
    let sql = "DO $$ DECLARE counted regclass; BEGIN \
        IF to_regclass('data_changes') IS NULL THEN RETURN; END IF; \
        FOR counted IN SELECT c.oid FROM pg_class c \
            WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::text::regnamespace \
            AND NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'counts_change') \
        LOOP EXECUTE format('CREATE TRIGGER counts_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s \
            FOR EACH STATEMENT EXECUTE FUNCTION count_change()', counted); \
        END LOOP; END $$";
    tx.connection().execute_unprepared(sql).await.map(drop)
}

/// Selects the snapshot and, if it is not `$1`, the state of this database: the server's start time and the
/// database, the number of changes, and the transactions that are changing it. A transaction is assigned its id
/// before it counts, and the count is read before the ids, so that no change is missed. For sessions that
/// PostgreSQL hides from this role, the snapshot of the whole cluster is used instead. Autovacuum workers are
/// skipped: they have transaction ids but change no data.
pub(super) const LOOK: &str = "SELECT pg_current_snapshot()::text, CASE WHEN pg_current_snapshot()::text = $1 THEN NULL \
    ELSE concat_ws(' ', pg_postmaster_start_time(), d.oid, c.last_value, \
        (SELECT string_agg(coalesce(a.backend_xid::text, pg_current_snapshot()::text), ' ' \
            ORDER BY a.backend_xid::text) \
         FROM pg_stat_get_activity(NULL) a WHERE a.datid = d.oid AND c.last_value > 0 \
         AND (a.backend_xid IS NOT NULL OR (a.state IS NULL AND a.usesysid IS NOT NULL)) \
         AND a.backend_type IS DISTINCT FROM 'autovacuum worker')) END \
    FROM data_changes c, pg_database d WHERE d.datname = current_database()";
