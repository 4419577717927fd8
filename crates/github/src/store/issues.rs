use kernel::{Ids, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, Tx, numbers};

use crate::{
    model::{Profile, RepositoryId},
    rules::issues::StatedIssue,
};

/// The columns of a statement in `issues`, as [`rows`] lists them.
const STATED: &str = "number, github_id, title, body, labels, is_closed, state_reason, is_locked, author_is_bot, \
     author_association, assignees, assignee_ids, open_pulls, comments, reactions, opened_at, changed_at, closed_at, statement_rank";

/// Records statements about distinct issues of a repository. An issue with a newer statement, or one of a higher rank about
/// the same time, stays as it is. Returns the number of issues that changed.
pub(crate) async fn record(
    tx: &Tx,
    ids: &dyn Ids,
    repository: RepositoryId,
    stated: &[StatedIssue],
    now: Timestamp,
) -> Result<u64, DbError> {
    if stated.is_empty() {
        return Ok(0);
    }
    let mut query = tx.query();
    let rows = query.rows(rows(ids, stated), "r");
    let (repository, now) = (query.bind(repository), query.bind(now));
    let columns = || STATED.split(", ");
    let listed: Vec<String> = columns().map(|column| format!("r.{column}")).collect();
    let set: Vec<String> = columns().map(newer).collect();
    let (listed, set) = (listed.join(", "), set.join(", "));
    let sql = format!(
        "INSERT INTO issues (id, created_at, updated_at, read_at, repository_id, {STATED}) \
         SELECT r.id, {now}, {now}, {now}, {repository}, {listed} FROM {rows} WHERE true \
         ON CONFLICT (repository_id, number) DO UPDATE SET updated_at = excluded.updated_at, read_at = excluded.read_at, {set} \
         WHERE (issues.changed_at, issues.statement_rank) < (excluded.changed_at, excluded.statement_rank)"
    );
    tx.run(query.statement(sql)).await
}

/// Returns the assignment of a column by a newer statement. Deliveries leave some columns out.
fn newer(column: &str) -> String {
    match column {
        "open_pulls" | "reactions" => {
            format!("{column} = coalesce(excluded.{column}, issues.{column})")
        }
        _ => format!("{column} = excluded.{column}"),
    }
}

fn rows(ids: &dyn Ids, stated: &[StatedIssue]) -> Rows<20> {
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("number", Kind::Int),
        ("github_id", Kind::Int),
        ("title", Kind::Text),
        ("body", Kind::Text),
        ("labels", Kind::Text),
        ("is_closed", Kind::Bool),
        ("state_reason", Kind::Text),
        ("is_locked", Kind::Bool),
        ("author_is_bot", Kind::Bool),
        ("author_association", Kind::Text),
        ("assignees", Kind::Int),
        ("assignee_ids", Kind::Text),
        ("open_pulls", Kind::Int),
        ("comments", Kind::Int),
        ("reactions", Kind::Int),
        ("opened_at", Kind::At),
        ("changed_at", Kind::At),
        ("closed_at", Kind::At),
        ("statement_rank", Kind::Text),
    ]);
    for issue in stated {
        rows.push([
            ids.next().into(),
            issue.number.into(),
            issue.github_id.into(),
            issue.title.as_str().into(),
            issue.body.as_str().into(),
            serde_json::Value::from(issue.labels.clone()).to_string().into(),
            issue.is_closed.into(),
            issue.state_reason.clone().into(),
            issue.is_locked.into(),
            issue.author_is_bot.into(),
            issue.author_association.as_str().into(),
            issue.assignees.into(),
            serde_json::Value::from(issue.assignee_ids.clone()).to_string().into(),
            issue.open_pulls.into(),
            issue.comments.into(),
            issue.reactions.into(),
            issue.opened_at.into(),
            issue.changed_at.into(),
            issue.closed_at.into(),
            issue.rank.stored().into(),
        ]);
    }
    rows
}

/// Notes that GitHub listed issues of a repository.
pub(crate) async fn note_listed(
    tx: &Tx,
    repository: RepositoryId,
    listed: impl IntoIterator<Item = i64>,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(numbers(listed), "r");
    let (repository, now) = (query.bind(repository), query.bind(now));
    let sql = format!(
        "UPDATE issues SET read_at = {now} WHERE repository_id = {repository} \
         AND number IN (SELECT r.number FROM {rows})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// The reason of issues that GitHub no longer lists as open: they were closed, deleted or transferred without a delivery.
const UNLISTED: &str = "unlisted";

/// Closes the open issues of a repository that GitHub did not list since a time; returns their number.
pub(crate) async fn close_unlisted(
    tx: &Tx,
    repository: RepositoryId,
    since: Timestamp,
    now: Timestamp,
) -> Result<u64, DbError> {
    let sql = "UPDATE issues SET is_closed = $1, state_reason = $2, updated_at = $3 \
               WHERE repository_id = $4 AND NOT is_closed AND read_at < $5";
    let values = [true.into(), UNLISTED.into(), now.into(), repository.into(), since.into()];
    tx.run(tx.statement(sql, values)).await
}

/// Keeps the description of a repository. Returns false if it has not changed.
pub(crate) async fn keep_profile(
    tx: &Tx,
    id: uuid::Uuid,
    repository: RepositoryId,
    profile: &Profile,
    now: Timestamp,
) -> Result<bool, DbError> {
    let text = serde_json::to_string(profile).unwrap_or_default();
    let sql = "INSERT INTO repository_profiles (id, created_at, updated_at, read_at, repository_id, profile) \
               VALUES ($1, $2, $2, $2, $3, $4) ON CONFLICT (repository_id) DO UPDATE SET \
               updated_at = CASE WHEN repository_profiles.profile = excluded.profile \
               THEN repository_profiles.updated_at ELSE excluded.updated_at END, \
               read_at = excluded.read_at, profile = excluded.profile";
    let values = [id.into(), now.into(), repository.into(), text.into()];
    tx.run(tx.statement(sql, values)).await?;
    let sql =
        "SELECT count(*) FROM repository_profiles WHERE repository_id = $1 AND updated_at = $2";
    Ok(tx.count(tx.statement(sql, [repository.into(), now.into()])).await? > 0)
}
