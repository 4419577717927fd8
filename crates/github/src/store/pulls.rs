use std::collections::{BTreeMap, BTreeSet};

use crate::model::{PullRequestId, RepositoryId};
use kernel::{Ids, Timestamp};
use platform::{
    db::{Cell, DbError, Kind, Rows, Sql, Tx, ids},
    folded::FoldedText,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{Facts, Version},
    rules::fold::Folded,
};

/// The IDs of a stored pull request.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct StoredPull {
    pub(crate) id: Uuid,
    pub(crate) github_id: i64,
    pub(crate) repository_id: Uuid,
    pub(crate) number: i64,
}

/// Finds pull requests by number or GitHub ID, within their repositories.
pub(crate) async fn stored(
    tx: &Tx,
    numbers: &BTreeSet<(RepositoryId, i64)>,
    github_ids: &BTreeSet<(RepositoryId, i64)>,
) -> Result<Vec<StoredPull>, DbError> {
    let mut query = tx.query();
    let numbers = query.rows(of_repositories(numbers), "n");
    let ids = query.rows(of_repositories(github_ids), "i");
    let sql = format!(
        "SELECT p.id, p.github_id, p.repository_id, p.number FROM {numbers} JOIN pull_requests p \
         ON p.repository_id = n.repository_id AND p.number = n.number \
         UNION SELECT p.id, p.github_id, p.repository_id, p.number FROM {ids} \
         JOIN pull_requests p ON p.repository_id = i.repository_id AND p.github_id = i.number"
    );
    tx.all(query.statement(sql)).await
}

fn of_repositories(numbers: &BTreeSet<(RepositoryId, i64)>) -> Rows<2> {
    let mut rows = Rows::new([("repository_id", Kind::Uuid), ("number", Kind::Int)]);
    for (repository, number) in numbers {
        rows.push([(*repository).into(), (*number).into()]);
    }
    rows
}

/// Corrects the GitHub IDs of pull requests.
pub(crate) async fn correct_github_ids(
    tx: &Tx,
    corrected: &BTreeMap<PullRequestId, i64>,
) -> Result<(), DbError> {
    for (id, github_id) in corrected {
        let sql = "UPDATE pull_requests SET github_id = $1 WHERE id = $2";
        tx.run(tx.statement(sql, [(*github_id).into(), (*id).into()])).await?;
    }
    Ok(())
}

/// A new pull request to insert.
#[derive(Clone, Debug)]
pub(crate) struct NewPull {
    pub(crate) id: PullRequestId,
    pub(crate) github_id: i64,
    pub(crate) repository_id: RepositoryId,
    pub(crate) number: i64,
    pub(crate) opened_at: Timestamp,
}

/// Inserts rows that [`update`] completes in the same transaction.
pub(crate) async fn insert(tx: &Tx, new: &[NewPull], now: Timestamp) -> Result<(), DbError> {
    if new.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("github_id", Kind::Int),
        ("repository_id", Kind::Uuid),
        ("number", Kind::Int),
        ("opened_at", Kind::At),
    ]);
    for pull in new {
        rows.push([
            pull.id.into(),
            pull.github_id.into(),
            pull.repository_id.into(),
            pull.number.into(),
            pull.opened_at.into(),
        ]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO pull_requests (id, github_id, repository_id, number, title, title_folded, labels, state, \
         opened_at, github_updated_at, created_at, updated_at) SELECT r.id, r.github_id, \
         r.repository_id, r.number, '', '', '[]', 'open', r.opened_at, r.opened_at, {now}, {now} FROM {rows}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Inserts new statements. The table is append-only, so statements that it has, or that come twice, are left out.
pub(crate) async fn insert_versions(
    tx: &Tx,
    ids: &dyn Ids,
    versions: &[(PullRequestId, Version)],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("pull_request_id", Kind::Uuid),
        ("instant", Kind::At),
        ("digest", Kind::Bytes),
        ("facts", Kind::Text),
    ]);
    let mut seen = BTreeSet::new();
    for (pull_request_id, version) in versions {
        if !seen.insert((pull_request_id, version.instant, &version.digest)) {
            continue;
        }
        rows.push([
            ids.next().into(),
            (*pull_request_id).into(),
            version.instant.into(),
            version.digest.clone().into(),
            Cell::Text(serde_json::to_string(&version.facts).unwrap_or_default()),
        ]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO pull_request_versions (id, pull_request_id, instant, digest, facts, created_at) \
         SELECT r.id, r.pull_request_id, r.instant, r.digest, r.facts, {now} FROM {rows} \
         WHERE NOT EXISTS (SELECT 1 FROM pull_request_versions v WHERE v.pull_request_id = r.pull_request_id \
         AND v.instant = r.instant AND v.digest = r.digest)"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Returns all statements about pull requests.
pub(crate) async fn versions(
    db: &impl Sql,
    pulls: impl IntoIterator<Item = PullRequestId>,
) -> Result<BTreeMap<PullRequestId, Vec<Version>>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        pull_request_id: Uuid,
        instant: Timestamp,
        digest: Vec<u8>,
        facts: String,
    }
    let mut query = db.query();
    let rows = query.rows(ids(pulls), "r");
    let sql = format!(
        "SELECT v.pull_request_id, v.instant, v.digest, v.facts FROM {rows} \
         JOIN pull_request_versions v ON v.pull_request_id = r.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let mut versions: BTreeMap<PullRequestId, Vec<Version>> = BTreeMap::new();
    for row in rows {
        let facts: Facts = serde_json::from_str(&row.facts).map_err(|error| {
            sea_orm::DbErr::Type(format!("cannot read the stored facts of a pull request: {error}"))
        })?;
        versions.entry(row.pull_request_id.into()).or_default().push(Version {
            instant: row.instant,
            digest: row.digest,
            facts,
        });
    }
    Ok(versions)
}

/// Finds the pull requests that a person authored, merged or decided to merge, by ID: the first `limit` after `after`.
pub(crate) async fn naming(
    tx: &Tx,
    person: Uuid,
    after: PullRequestId,
    limit: i64,
) -> Result<BTreeSet<PullRequestId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT id FROM pull_requests WHERE author_id = $1 AND id > $2 \
               UNION SELECT id FROM pull_requests WHERE merged_by_id = $1 AND id > $2 \
               UNION SELECT id FROM pull_requests WHERE decided_by_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    let values = [person.into(), after.into(), limit.into()];
    let rows: Vec<Row> = tx.all(tx.statement(sql, values)).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// The people with a pull request's GitHub IDs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct People {
    pub(crate) author: Option<identity::model::PersonIdentity>,
    pub(crate) merged_by: Option<identity::model::PersonIdentity>,
    pub(crate) decided_by: Option<identity::model::PersonIdentity>,
}

/// Updates rows to the result of their statements.
pub(crate) async fn update(
    tx: &Tx,
    folded: &[(PullRequestId, Folded, People)],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("author_id", Kind::Uuid),
        ("author_identity_id", Kind::Uuid),
        ("title", Kind::Text),
        ("title_folded", Kind::Text),
        ("body_digest", Kind::Text),
        ("labels", Kind::Text),
        ("draft", Kind::Bool),
        ("state", Kind::Text),
        ("additions", Kind::Int),
        ("deletions", Kind::Int),
        ("changed_files", Kind::Int),
        ("commits", Kind::Int),
        ("base_ref", Kind::Text),
        ("head_ref", Kind::Text),
        ("head_sha", Kind::Text),
        ("opened_at", Kind::At),
        ("closed_at", Kind::At),
        ("merged_at", Kind::At),
        ("merged_by_id", Kind::Uuid),
        ("decided_by_id", Kind::Uuid),
        ("github_updated_at", Kind::At),
        ("needs_fetch", Kind::Bool),
    ]);
    for (id, folded, people) in folded {
        rows.push(cells(*id, folded, *people));
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "UPDATE pull_requests SET author_id = r.author_id, author_identity_id = r.author_identity_id, \
         title = r.title, title_folded = r.title_folded, body_digest = r.body_digest, labels = r.labels, draft = r.draft, \
         state = r.state, additions = r.additions, deletions = r.deletions, \
         changed_files = r.changed_files, commits = r.commits, base_ref = r.base_ref, \
         head_ref = r.head_ref, head_sha = r.head_sha, opened_at = r.opened_at, \
         closed_at = r.closed_at, merged_at = r.merged_at, merged_by_id = r.merged_by_id, \
         decided_by_id = r.decided_by_id, github_updated_at = r.github_updated_at, needs_fetch = r.needs_fetch, updated_at = {now} \
         FROM {rows} WHERE pull_requests.id = r.id"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

fn cells(id: PullRequestId, folded: &Folded, people: People) -> [Cell; 23] {
    let facts = folded.facts.clone();
    let title = facts.title.unwrap_or_default();
    [
        id.into(),
        people.author.map(|known| known.user_id).into(),
        people.author.map(|known| known.identity_id).into(),
        title.as_str().into(),
        FoldedText::of(&title).into(),
        facts.body_digest.into(),
        serde_json::json!(facts.labels.unwrap_or_default()).to_string().into(),
        facts.draft.unwrap_or_default().into(),
        folded.state.as_str().into(),
        facts.additions.into(),
        facts.deletions.into(),
        facts.changed_files.into(),
        facts.commits.into(),
        facts.base_ref.into(),
        facts.head_ref.into(),
        facts.head_sha.into(),
        facts.created_at.unwrap_or(folded.instant).into(),
        facts.closed_at.into(),
        facts.merged_at.into(),
        people.merged_by.map(|known| known.user_id).into(),
        people.decided_by.map(|known| known.user_id).into(),
        folded.instant.into(),
        folded.is_ambiguous.into(),
    ]
}
