use crate::model::RepositoryId;
use kernel::{Ids, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, Tx};

use crate::rules::payload::PushEvent;

/// Records pushes, each with the time at which its delivery was received. The first of equal pushes is kept: the App and a
/// webhook may deliver the same one.
pub(crate) async fn insert(
    tx: &Tx,
    ids: &dyn Ids,
    pushes: &[(RepositoryId, PushEvent, Timestamp)],
    now: Timestamp,
) -> Result<(), DbError> {
    if pushes.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("repository_id", Kind::Uuid),
        ("ref_name", Kind::Text),
        ("before_sha", Kind::Text),
        ("after_sha", Kind::Text),
        ("forced", Kind::Bool),
        ("committed_at", Kind::At),
        ("received_at", Kind::At),
    ]);
    for (repository_id, push, received_at) in pushes {
        rows.push([
            ids.next().into(),
            (*repository_id).into(),
            push.r#ref.as_str().into(),
            push.before.as_str().into(),
            push.after.as_str().into(),
            push.forced.into(),
            push.head_commit.as_ref().and_then(|commit| commit.timestamp).into(),
            (*received_at).into(),
        ]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO pushes (id, repository_id, ref_name, before_sha, after_sha, forced, committed_at, \
         received_at, created_at) SELECT r.id, r.repository_id, r.ref_name, r.before_sha, r.after_sha, \
         r.forced, r.committed_at, r.received_at, {now} FROM {rows} WHERE true \
         ON CONFLICT (repository_id, ref_name, before_sha, after_sha) DO NOTHING"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
