use kernel::{Ids, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, Tx};

use crate::{model::RepositoryId, rules::checks::StatedResult};

/// Records results of checks, each once.
pub(crate) async fn insert(
    tx: &Tx,
    ids: &dyn Ids,
    results: &[(RepositoryId, StatedResult)],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("repository_id", Kind::Uuid),
        ("source", Kind::Text),
        ("github_id", Kind::Int),
        ("head_sha", Kind::Text),
        ("name", Kind::Text),
        ("event", Kind::Text),
        ("conclusion", Kind::Text),
        ("url", Kind::Text),
        ("completed_at", Kind::At),
        ("received_at", Kind::At),
    ]);
    for (repository, result) in results {
        rows.push([
            ids.next().into(),
            (*repository).into(),
            result.source.into(),
            result.github_id.into(),
            result.head_sha.as_str().into(),
            result.name.as_str().into(),
            result.event.clone().into(),
            result.conclusion.as_str().into(),
            result.url.clone().into(),
            result.completed_at.into(),
            result.received_at.into(),
        ]);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let columns = "id, repository_id, source, github_id, head_sha, name, event, conclusion, url, completed_at, received_at";
    let sql = format!(
        "INSERT INTO check_results ({columns}, created_at) SELECT {columns}, {now} FROM {rows} WHERE true \
         ON CONFLICT (repository_id, source, github_id, completed_at) DO NOTHING"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
