use kernel::{Ids, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, Tx};

use crate::model::{ChangedFile, PullRequestId};

/// Stores the files that the commits of pull requests change. Known ones are replaced.
pub(crate) async fn store(
    tx: &Tx,
    ids: &dyn Ids,
    files: &[(PullRequestId, String, Vec<ChangedFile>)],
    now: Timestamp,
) -> Result<(), DbError> {
    if files.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("pull_request_id", Kind::Uuid),
        ("head_sha", Kind::Text),
        ("files", Kind::Text),
    ]);
    for (pull, head_sha, files) in files {
        rows.push([
            ids.next().into(),
            (*pull).into(),
            head_sha.as_str().into(),
            serde_json::to_string(files).unwrap_or_default().into(),
        ]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO pull_request_files (id, created_at, pull_request_id, head_sha, files) \
         SELECT r.id, {now}, r.pull_request_id, r.head_sha, r.files FROM {rows} WHERE true \
         ON CONFLICT (pull_request_id, head_sha) DO UPDATE SET files = excluded.files"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
