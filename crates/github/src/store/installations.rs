use std::collections::{BTreeMap, BTreeSet};

use kernel::{Ids, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, Tx, ids, numbers};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::rules::installation::{InstallationState, Membership, StatedInstallations};

/// The condition under which an installation `i` and its repository `m` are in use.
const ACTIVE: &str = "m.removed_at IS NULL AND i.deleted_at IS NULL AND i.suspended_at IS NULL";

struct StoredInstallation {
    id: Uuid,
    state: InstallationState,
}

/// Returns the stored installations with these GitHub IDs.
async fn stored(
    tx: &Tx,
    github_ids: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, StoredInstallation>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        github_id: i64,
        account_github_id: Option<i64>,
        seen_at: Timestamp,
        received_at: Timestamp,
        suspended_at: Option<Timestamp>,
        deleted_at: Option<Timestamp>,
    }
    let mut query = tx.query();
    let rows = query.rows(numbers(github_ids), "r");
    let sql = format!(
        "SELECT i.id, i.github_id, i.account_github_id, i.seen_at, i.received_at, i.suspended_at, i.deleted_at \
         FROM {rows} JOIN installations i ON i.github_id = r.number"
    );
    let rows: Vec<Row> = tx.all(query.statement(sql)).await?;
    let stored = |row: Row| {
        let state = InstallationState {
            is_deleted: row.deleted_at.is_some(),
            seen_at: row.seen_at,
            received_at: row.received_at,
            suspended_at: row.suspended_at,
            account_github_id: row.account_github_id,
        };
        (row.github_id, StoredInstallation { id: row.id, state })
    };
    Ok(rows.into_iter().map(stored).collect())
}

/// Records what statements say, unless newer ones are known. Takes no lock: the caller has that of facts.
pub(crate) async fn record(
    tx: &Tx,
    ids: &dyn Ids,
    stated: &StatedInstallations,
    now: Timestamp,
) -> Result<(), DbError> {
    let known = stored(tx, stated.states.keys().copied()).await?;
    let mut by_github: BTreeMap<i64, Uuid> = BTreeMap::new();
    for (github_id, state) in &stated.states {
        let id = match known.get(github_id) {
            Some(known) => {
                if *state > known.state {
                    change(tx, known, state, now).await?;
                }
                known.id
            }
            None => {
                let id = ids.next();
                insert(tx, id, *github_id, state, now).await?;
                id
            }
        };
        by_github.insert(*github_id, id);
    }
    record_members(tx, ids, &by_github, &stated.members, now).await
}

async fn insert(
    tx: &Tx,
    id: Uuid,
    github_id: i64,
    state: &InstallationState,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO installations (id, created_at, updated_at, github_id, account_github_id, seen_at, \
               received_at, suspended_at, deleted_at) VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        id.into(),
        now.into(),
        github_id.into(),
        state.account_github_id.into(),
        state.seen_at.into(),
        state.received_at.into(),
        state.suspended_at.into(),
        state.is_deleted.then_some(state.seen_at).into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

async fn change(
    tx: &Tx,
    known: &StoredInstallation,
    state: &InstallationState,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE installations SET updated_at = $1, account_github_id = coalesce($2, account_github_id), \
               seen_at = $3, received_at = $4, suspended_at = $5, deleted_at = $6 WHERE id = $7";
    let values = [
        now.into(),
        state.account_github_id.into(),
        state.seen_at.into(),
        state.received_at.into(),
        state.suspended_at.into(),
        state.is_deleted.then_some(state.seen_at).into(),
        known.id.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Records repositories of installations, unless newer statements are known.
async fn record_members(
    tx: &Tx,
    ids: &dyn Ids,
    by_github: &BTreeMap<i64, Uuid>,
    members: &BTreeMap<(i64, i64), Membership>,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("installation_id", Kind::Uuid),
        ("repository_github_id", Kind::Int),
        ("seen_at", Kind::At),
        ("received_at", Kind::At),
        ("removed_at", Kind::At),
    ]);
    for ((installation, repository), member) in members {
        let Some(installation) = by_github.get(installation) else {
            continue;
        };
        rows.push([
            ids.next().into(),
            (*installation).into(),
            (*repository).into(),
            member.seen_at.into(),
            member.received_at.into(),
            member.is_removed.then_some(member.seen_at).into(),
        ]);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    // As `Membership` compares statements.
    let sql = format!(
        "INSERT INTO installation_repositories (id, created_at, updated_at, installation_id, repository_github_id, \
         seen_at, received_at, removed_at) \
         SELECT r.id, {now}, {now}, r.installation_id, r.repository_github_id, r.seen_at, r.received_at, r.removed_at \
         FROM {rows} WHERE true \
         ON CONFLICT (installation_id, repository_github_id) DO UPDATE SET updated_at = excluded.updated_at, \
         seen_at = excluded.seen_at, received_at = excluded.received_at, removed_at = excluded.removed_at \
         WHERE excluded.seen_at > installation_repositories.seen_at \
         OR (excluded.seen_at = installation_repositories.seen_at AND ( \
         excluded.received_at > installation_repositories.received_at \
         OR (excluded.received_at = installation_repositories.received_at AND excluded.removed_at IS NOT NULL)))"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Number {
    number: i64,
}

/// Returns GitHub's IDs of the repositories of these installations, by GitHub ID, that an installation in use includes.
pub(crate) async fn covered_of(
    tx: &Tx,
    installations: impl IntoIterator<Item = i64>,
) -> Result<BTreeSet<i64>, DbError> {
    let mut query = tx.query();
    let rows = query.rows(numbers(installations), "r");
    let sql = format!(
        "SELECT DISTINCT m.repository_github_id AS number FROM installation_repositories m \
         JOIN installations i ON i.id = m.installation_id \
         WHERE {ACTIVE} AND m.repository_github_id IN \
         (SELECT o.repository_github_id FROM {rows} JOIN installations p ON p.github_id = r.number \
         JOIN installation_repositories o ON o.installation_id = p.id)"
    );
    let rows: Vec<Number> = tx.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| row.number).collect())
}

/// Returns which of these repositories, by GitHub ID, an installation in use includes.
pub(crate) async fn covered(
    db: &impl Sql,
    repositories: impl IntoIterator<Item = i64>,
) -> Result<BTreeSet<i64>, DbError> {
    let mut query = db.query();
    let rows = query.rows(numbers(repositories), "r");
    let sql = format!(
        "SELECT DISTINCT r.number FROM {rows} JOIN installation_repositories m ON m.repository_github_id = r.number \
         JOIN installations i ON i.id = m.installation_id WHERE {ACTIVE}"
    );
    let rows: Vec<Number> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| row.number).collect())
}

/// Counts the repositories that an installation in use includes.
pub(crate) async fn covered_count(db: &impl Sql) -> Result<i64, DbError> {
    let sql = format!(
        "SELECT count(DISTINCT m.repository_github_id) FROM installation_repositories m \
         JOIN installations i ON i.id = m.installation_id WHERE {ACTIVE}"
    );
    db.count(db.statement(&sql, [])).await
}

/// Returns GitHub's ID of the installation in use that includes a repository, by GitHub ID.
pub(crate) async fn of_repository(db: &impl Sql, repository: i64) -> Result<Option<i64>, DbError> {
    let sql = format!(
        "SELECT i.github_id AS number FROM installation_repositories m \
         JOIN installations i ON i.id = m.installation_id \
         WHERE m.repository_github_id = $1 AND {ACTIVE} ORDER BY i.github_id DESC LIMIT 1"
    );
    let row: Option<Number> = db.one(db.statement(&sql, [repository.into()])).await?;
    Ok(row.map(|row| row.number))
}

/// Returns true if an installation, by GitHub ID, included a repository by the newest statement, whether or not the
/// installation is in use.
pub(crate) async fn includes(
    db: &impl Sql,
    installation: i64,
    repository: i64,
) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM installation_repositories m JOIN installations i ON i.id = m.installation_id \
               WHERE i.github_id = $1 AND m.repository_github_id = $2 AND m.removed_at IS NULL";
    let values = [installation.into(), repository.into()];
    Ok(db.count(db.statement(sql, values)).await? > 0)
}

/// Returns true if all statements about an installation that were received are recorded, and there is any.
pub(crate) async fn is_settled(db: &impl Sql, installation: i64) -> Result<bool, DbError> {
    let waiting = "SELECT count(*) FROM webhook_deliveries WHERE installation_id = $1 AND due_at IS NOT NULL \
                   AND event IN ('installation', 'installation_repositories')";
    let known = "SELECT count(*) FROM installations WHERE github_id = $1";
    let waiting = db.statement(waiting, [installation.into()]);
    if db.count(waiting).await? > 0 {
        return Ok(false);
    }
    Ok(db.count(db.statement(known, [installation.into()])).await? > 0)
}

/// Returns which of these pairs of installations and repositories, by GitHub IDs, were ever stated.
pub(crate) async fn ever_included(
    tx: &Tx,
    pairs: &BTreeSet<(i64, i64)>,
) -> Result<BTreeSet<(i64, i64)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        installation: i64,
        repository: i64,
    }
    if pairs.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut rows = Rows::new([("installation", Kind::Int), ("repository", Kind::Int)]);
    for (installation, repository) in pairs {
        rows.push([(*installation).into(), (*repository).into()]);
    }
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let sql = format!(
        "SELECT r.installation, r.repository FROM {rows} JOIN installations i ON i.github_id = r.installation \
         JOIN installation_repositories m ON m.installation_id = i.id AND m.repository_github_id = r.repository"
    );
    let rows: Vec<Row> = tx.all(query.statement(sql)).await?;
    let pair = |row: Row| (row.installation, row.repository);
    Ok(rows.into_iter().map(pair).collect())
}

/// A repository that an installation includes or included.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct CoveredRepository {
    pub(crate) repository_id: Uuid,
    pub(crate) full_name: String,
    pub(crate) is_private: bool,
    pub(crate) has_hook: bool,
    pub(crate) removed_at: Option<Timestamp>,
    pub(crate) suspended_at: Option<Timestamp>,
    pub(crate) deleted_at: Option<Timestamp>,
}

/// Returns the installations of registered repositories, the newest last.
pub(crate) async fn of_registered(
    db: &impl Sql,
    repositories: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<CoveredRepository>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(repositories), "r");
    let sql = format!(
        "SELECT g.id AS repository_id, g.full_name, g.is_private, g.hook_id IS NOT NULL AS has_hook, m.removed_at, \
         i.suspended_at, i.deleted_at FROM {rows} JOIN repositories g ON g.id = r.id \
         JOIN installation_repositories m ON m.repository_github_id = g.github_id \
         JOIN installations i ON i.id = m.installation_id ORDER BY g.id, i.github_id"
    );
    db.all(query.statement(sql)).await
}

/// Returns the installations that were known before an instant and are not deleted, by GitHub ID, with the repositories that
/// they include.
pub(crate) async fn all_included(
    db: &impl Sql,
    before: Timestamp,
) -> Result<BTreeMap<i64, BTreeSet<i64>>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        installation: i64,
        repository: Option<i64>,
    }
    let sql = "SELECT i.github_id AS installation, m.repository_github_id AS repository FROM installations i \
               LEFT JOIN installation_repositories m ON m.installation_id = i.id AND m.removed_at IS NULL \
               WHERE i.deleted_at IS NULL AND i.created_at < $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [before.into()])).await?;
    let mut all: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for row in rows {
        let included = all.entry(row.installation).or_default();
        included.extend(row.repository);
    }
    Ok(all)
}
