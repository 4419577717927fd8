//! Statements for the pull requests that close issues.

use std::collections::BTreeSet;

use kernel::{Ids, Timestamp};
use platform::db::{Cell, DbError, Kind, Rows, Sql, Tx, ascii_lower, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{IssueId, LinkedPull, PullRequestId, RepositoryId},
    rules::closing::referenced,
};

/// Replaces the issues that pull requests close.
pub(crate) async fn replace(
    tx: &Tx,
    new_ids: &dyn Ids,
    closes: &[(PullRequestId, &[String])],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let pulls = query.rows(ids(closes.iter().map(|(id, _)| *id)), "r");
    let sql = format!(
        "DELETE FROM closing_references WHERE pull_request_id IN (SELECT r.id FROM {pulls})"
    );
    tx.run(query.statement(sql)).await?;
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("pull_request_id", Kind::Uuid),
        ("repository_name", Kind::Text),
        ("number", Kind::Int),
    ]);
    for (pull, texts) in closes {
        for (name, number) in texts.iter().filter_map(|text| referenced(text)) {
            let name = Cell::from(name.map(str::to_owned));
            rows.push([new_ids.next().into(), (*pull).into(), name, number.into()]);
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO closing_references (id, created_at, pull_request_id, repository_id, repository_name, number) \
         SELECT r.id, {now}, r.pull_request_id, CASE WHEN r.repository_name IS NULL THEN p.repository_id END, \
         r.repository_name, r.number FROM {rows} JOIN pull_requests p ON p.id = r.pull_request_id"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
}

/// Returns the known issues that pull requests close.
pub(crate) async fn issues_of(
    tx: &Tx,
    pulls: &BTreeSet<PullRequestId>,
) -> Result<BTreeSet<Uuid>, DbError> {
    let mut query = tx.query();
    let rows = query.rows(ids(pulls.iter().copied()), "r");
    let sql = format!(
        "SELECT i.id FROM {rows} JOIN closing_references c ON c.pull_request_id = r.id \
         JOIN issues i ON i.repository_id = c.repository_id AND i.number = c.number"
    );
    let own: Vec<Row> = tx.all(query.statement(sql)).await?;
    let mut query = tx.query();
    let rows = query.rows(ids(pulls.iter().copied()), "r");
    let sql = format!(
        "SELECT i.id FROM {rows} JOIN closing_references c ON c.pull_request_id = r.id \
         JOIN repositories g ON {} = c.repository_name \
         JOIN issues i ON i.repository_id = g.id AND i.number = c.number WHERE c.repository_name IS NOT NULL",
        ascii_lower("g.full_name")
    );
    let others: Vec<Row> = tx.all(query.statement(sql)).await?;
    Ok(own.into_iter().chain(others).map(|row| row.id).collect())
}

/// Watches the pull requests that would close an issue, at least until an instant.
pub(crate) async fn watch(tx: &Tx, issue: IssueId, until: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE issues SET watched_until = $1 WHERE id = $2 AND (watched_until IS NULL OR watched_until < $1)";
    tx.run(tx.statement(sql, [until.into(), issue.into()])).await?;
    Ok(())
}

/// A watched issue.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(crate) struct Watched {
    pub(crate) id: Uuid,
    pub(crate) number: i64,
}

/// Returns at most `limit` issues of a repository that are watched, those whose watch began last first.
pub(crate) async fn watched(
    db: &impl Sql,
    repository: RepositoryId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Watched>, DbError> {
    let sql = "SELECT id, number FROM issues WHERE repository_id = $1 AND watched_until > $2 \
               ORDER BY watched_until DESC, id LIMIT $3";
    let values = [repository.into(), now.into(), limit.into()];
    db.all(db.statement(sql, values)).await
}

/// Replaces the pull requests that GitHub lists with an issue. Returns false if they have not changed.
pub(crate) async fn replace_linked(
    tx: &Tx,
    new_ids: &dyn Ids,
    issue: Uuid,
    pulls: &[LinkedPull],
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "SELECT name, is_open, author_github_id, merged_at, active_at FROM linked_pulls WHERE issue_id = $1 ORDER BY name";
    let stored: Vec<LinkedPull> = tx.all(tx.statement(sql, [issue.into()])).await?;
    if stored == pulls {
        return Ok(false);
    }
    let sql = "DELETE FROM linked_pulls WHERE issue_id = $1";
    tx.run(tx.statement(sql, [issue.into()])).await?;
    for pull in pulls {
        let sql = "INSERT INTO linked_pulls (id, created_at, issue_id, name, is_open, author_github_id, merged_at, active_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = [
            new_ids.next().into(),
            now.into(),
            issue.into(),
            pull.name.as_str().into(),
            pull.is_open.into(),
            pull.author_github_id.into(),
            pull.merged_at.into(),
            pull.active_at.into(),
        ];
        tx.run(tx.statement(sql, values)).await?;
    }
    Ok(true)
}
