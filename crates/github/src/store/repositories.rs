use crate::model::RepositoryId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql, Tx, ascii_lower, ids, numbers};

use sea_orm::FromQueryResult;

use uuid::Uuid;

use crate::model::Repository;

const REPOSITORY: &str = "id, github_id, full_name, name_seen_at, settings_seen_at, disabled_reason, is_private, hook_id, \
     registered_by_id, is_watched, only_watched, follows_issues";

pub(crate) async fn by_github_ids(
    db: &impl Sql,
    github_ids: impl IntoIterator<Item = i64>,
) -> Result<Vec<Repository>, DbError> {
    let mut query = db.query();
    let rows = query.rows(numbers(github_ids), "r");
    let sql = format!(
        "SELECT {REPOSITORY} FROM repositories WHERE github_id IN (SELECT r.number FROM {rows})"
    );
    db.all(query.statement(sql)).await
}

/// A repository to insert.
pub(crate) struct NewRepositoryRow<'a> {
    pub(crate) id: RepositoryId,
    pub(crate) github_id: i64,
    pub(crate) full_name: &'a str,
    /// GitHub's ID of its own webhook.
    pub(crate) hook_id: Option<i64>,
    /// The encrypted secret of its own webhook.
    pub(crate) hook_secret: Option<Vec<u8>>,
    /// When its name and settings were stated.
    pub(crate) seen_at: Timestamp,
}

pub(crate) async fn insert(
    tx: &Tx,
    new: NewRepositoryRow<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO repositories (id, github_id, full_name, name_seen_at, settings_seen_at, \
               is_enabled, hook_id, hook_secret, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $8)";
    let values = [
        new.id.into(),
        new.github_id.into(),
        new.full_name.into(),
        new.seen_at.into(),
        true.into(),
        new.hook_id.into(),
        new.hook_secret.into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// The encrypted secrets of a repository's own webhook.
#[derive(FromQueryResult)]
pub(crate) struct HookSecrets {
    pub(crate) github_id: i64,
    pub(crate) hook_secret: Option<Vec<u8>>,
    pub(crate) previous_hook_secret: Option<Vec<u8>>,
    pub(crate) previous_hook_secret_ends_at: Option<Timestamp>,
}

/// A webhook that this server created in the name of a person.
#[derive(FromQueryResult)]
pub(crate) struct CreatedHook {
    pub(crate) full_name: String,
    pub(crate) hook_id: i64,
    pub(crate) registered_by_id: Uuid,
}

/// Lists the newest webhooks that this server created, at most `most`.
pub(crate) async fn created_hooks(db: &impl Sql, most: i64) -> Result<Vec<CreatedHook>, DbError> {
    let sql = "SELECT full_name, hook_id, registered_by_id FROM repositories WHERE hook_id IS NOT NULL \
               AND registered_by_id IS NOT NULL AND is_enabled ORDER BY id DESC LIMIT $1";
    db.all(db.statement(sql, [most.into()])).await
}

/// Returns true if the repository with this GitHub ID has a webhook of its own.
pub(crate) async fn has_own_hook(db: &impl Sql, github_id: i64) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM repositories WHERE github_id = $1 AND hook_id IS NOT NULL";
    Ok(db.count(db.statement(sql, [github_id.into()])).await? > 0)
}

/// Finds the secrets of the repository whose own webhook has the ID `hook_id`.
pub(crate) async fn secrets_of_hook(
    db: &impl Sql,
    hook_id: i64,
) -> Result<Option<HookSecrets>, DbError> {
    let sql = "SELECT github_id, hook_secret, previous_hook_secret, previous_hook_secret_ends_at \
               FROM repositories WHERE hook_id = $1";
    db.one(db.statement(sql, [hook_id.into()])).await
}

/// Updates names from newer payloads.
pub(crate) async fn rename(
    tx: &Tx,
    names: &[(RepositoryId, Timestamp, String)],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows = Rows::new([("id", Kind::Uuid), ("seen_at", Kind::At), ("name", Kind::Text)]);
    for (id, seen_at, name) in names {
        rows.push([(*id).into(), (*seen_at).into(), name.clone().into()]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "UPDATE repositories SET full_name = r.name, name_seen_at = r.seen_at, updated_at = {now} \
         FROM {rows} WHERE repositories.id = r.id"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// The settings in a `repository` event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RepositorySettings {
    /// The first field, because a deletion takes precedence over all other statements.
    pub(crate) is_deleted: bool,
    pub(crate) seen_at: Timestamp,
    pub(crate) is_private: bool,
    pub(crate) is_archived: bool,
}

const DELETED: &str = "deleted on GitHub";

/// Returns the current settings; `None` before the first event with settings.
pub(crate) async fn settings(
    tx: &Tx,
    id: RepositoryId,
) -> Result<Option<RepositorySettings>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        settings_seen_at: Timestamp,
        is_private: bool,
        is_archived: bool,
        disabled_reason: Option<String>,
    }
    let sql = "SELECT settings_seen_at, is_private, is_archived, disabled_reason FROM repositories \
               WHERE id = $1 AND settings_seen_at > $2";
    let values = [id.into(), Timestamp::UNIX_EPOCH.into()];
    let row: Option<Row> = tx.one(tx.statement(sql, values)).await?;
    Ok(row.map(|row| RepositorySettings {
        is_deleted: row.disabled_reason.as_deref() == Some(DELETED),
        seen_at: row.settings_seen_at,
        is_private: row.is_private,
        is_archived: row.is_archived,
    }))
}

/// The reason of repositories that GitHub does not show.
pub(crate) const NOT_FOUND: &str = "deleted on GitHub, or private and not visible to this server";

/// Disables a repository that GitHub does not show, until it does again.
pub(crate) async fn disable_missing(
    tx: &Tx,
    id: RepositoryId,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE repositories SET is_enabled = $1, disabled_reason = $2, updated_at = $3 \
               WHERE id = $4 AND disabled_reason IS NULL";
    let values = [false.into(), NOT_FOUND.into(), now.into(), id.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

impl RepositorySettings {
    fn disabled_reason(&self, allows_private: bool) -> Option<&'static str> {
        match self {
            Self { is_deleted: true, .. } => Some(DELETED),
            Self { is_private: true, .. } if !allows_private => Some("made private on GitHub"),
            _ => None,
        }
    }
}

pub(crate) async fn set(
    tx: &Tx,
    id: RepositoryId,
    settings: &RepositorySettings,
    now: Timestamp,
) -> Result<(), DbError> {
    let reason = settings.disabled_reason(allows_private(tx, id).await?);
    let sql = "UPDATE repositories SET is_private = $1, is_archived = $2, is_enabled = $3, \
               disabled_reason = $4, settings_seen_at = $5, updated_at = $6 WHERE id = $7";
    let values = [
        settings.is_private.into(),
        settings.is_archived.into(),
        reason.is_none().into(),
        reason.map(str::to_owned).into(),
        settings.seen_at.into(),
        now.into(),
        id.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Sets whether programmes watch the code of repositories.
pub(crate) async fn set_watched(
    tx: &Tx,
    repositories: impl IntoIterator<Item = RepositoryId>,
    is_watched: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(ids(repositories), "r");
    let (is_watched, now) = (query.bind(is_watched), query.bind(now));
    let sql = format!(
        "UPDATE repositories SET is_watched = {is_watched}, updated_at = {now} \
         WHERE id IN (SELECT r.id FROM {rows})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Sets whether programmes follow the issues of repositories.
pub(crate) async fn set_follows_issues(
    tx: &Tx,
    repositories: impl IntoIterator<Item = RepositoryId>,
    follows: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(ids(repositories), "r");
    let (follows, now) = (query.bind(follows), query.bind(now));
    let sql = format!(
        "UPDATE repositories SET follows_issues = {follows}, updated_at = {now} \
         WHERE id IN (SELECT r.id FROM {rows})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Sets whether a repository is only watched, and not registered. A private one that is only watched stays enabled.
pub(crate) async fn set_only_watched(
    tx: &Tx,
    id: RepositoryId,
    only_watched: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE repositories SET only_watched = $1, allows_private = $1, updated_at = $2 WHERE id = $3";
    let values = [only_watched.into(), now.into(), id.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

async fn allows_private(tx: &Tx, id: RepositoryId) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM repositories WHERE id = $1 AND allows_private";
    Ok(tx.count(tx.statement(sql, [id.into()])).await? > 0)
}

/// Records who registered a repository, if a person did, and whether it stays enabled while it is private.
pub(crate) async fn set_registration(
    tx: &Tx,
    github_id: i64,
    person: Option<Uuid>,
    allows_private: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE repositories SET registered_by_id = coalesce($1, registered_by_id), allows_private = $2, \
               updated_at = $3 WHERE github_id = $4";
    let values = [person.into(), allows_private.into(), now.into(), github_id.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Removes the webhook of a repository, which no longer exists on GitHub.
pub(crate) async fn forget_hook(
    tx: &Tx,
    github_id: i64,
    hook_id: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE repositories SET hook_id = NULL, hook_secret = NULL, previous_hook_secret = NULL, \
               previous_hook_secret_ends_at = NULL, hook_events = NULL, updated_at = $1 \
               WHERE github_id = $2 AND hook_id = $3";
    let values = [now.into(), github_id.into(), hook_id.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// A repository's own webhook with its encrypted secret.
#[derive(FromQueryResult)]
pub(crate) struct Hook {
    pub(crate) id: Uuid,
    pub(crate) github_id: i64,
    pub(crate) full_name: String,
    pub(crate) hook_id: Option<i64>,
    pub(crate) hook_secret: Option<Vec<u8>>,
}

/// Finds the webhooks of repositories with a name, in any case. Another repository may have taken a freed
/// name.
pub(crate) async fn hooks_of(tx: &Tx, full_name: &str) -> Result<Vec<Hook>, DbError> {
    let sql = format!(
        "SELECT id, github_id, full_name, hook_id, hook_secret FROM repositories \
         WHERE {} = $1 ORDER BY github_id",
        ascii_lower("full_name")
    );
    tx.all(tx.statement(&sql, [full_name.to_ascii_lowercase().into()])).await
}

/// Replaces an encrypted secret, which stays valid until `ends_at`.
pub(crate) async fn replace_secret(
    tx: &Tx,
    id: Uuid,
    sealed: Vec<u8>,
    ends_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), DbError> {
    let previous = match ends_at {
        Some(_) => "hook_secret",
        None => "NULL",
    };
    let sql = format!(
        "UPDATE repositories SET previous_hook_secret = {previous}, previous_hook_secret_ends_at = $1, \
         hook_secret = $2, updated_at = $3 WHERE id = $4"
    );
    let values = [ends_at.into(), sealed.into(), now.into(), id.into()];
    tx.run(tx.statement(&sql, values)).await?;
    Ok(())
}

/// Sets the webhook of a repository with its encrypted secret. An earlier secret is no longer accepted, and its events are not known.
pub(crate) async fn set_hook(
    tx: &Tx,
    id: Uuid,
    hook_id: i64,
    sealed: Vec<u8>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE repositories SET hook_id = $1, hook_secret = $2, previous_hook_secret = NULL, \
               previous_hook_secret_ends_at = NULL, registered_by_id = NULL, hook_events = NULL, updated_at = $3 \
               WHERE id = $4";
    let values = [hook_id.into(), sealed.into(), now.into(), id.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Sets the events that the webhook of a repository delivers: their names, separated by commas.
pub(crate) async fn set_hook_events(
    tx: &Tx,
    id: RepositoryId,
    events: String,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE repositories SET hook_events = $1, updated_at = $2 WHERE id = $3";
    tx.run(tx.statement(sql, [events.into(), now.into(), id.into()])).await?;
    Ok(())
}

/// Deletes previous secrets that have expired; returns their number.
pub(crate) async fn forget_previous(tx: &Tx, now: Timestamp) -> Result<u64, DbError> {
    let sql = "UPDATE repositories SET previous_hook_secret = NULL, previous_hook_secret_ends_at = NULL \
               WHERE previous_hook_secret_ends_at <= $1";
    tx.run(tx.statement(sql, [now.into()])).await
}

/// Finds a repository.
pub(crate) async fn by_id(db: &impl Sql, id: RepositoryId) -> Result<Option<Repository>, DbError> {
    let sql = format!("SELECT {REPOSITORY} FROM repositories WHERE id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Lists the enabled repositories, except those whose data could not be read since a time. With `only_registered`, those
/// that operators registered are left out too, unless an installation of the GitHub App includes them.
pub(crate) async fn to_sync(
    db: &impl Sql,
    failed_since: Timestamp,
    only_registered: bool,
) -> Result<Vec<RepositoryId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT g.id FROM repositories g WHERE g.is_enabled AND NOT g.only_watched AND (NOT $2 OR g.registered_by_id IS NOT NULL \
               OR EXISTS (SELECT 1 FROM installation_repositories m JOIN installations i ON i.id = m.installation_id \
               WHERE m.repository_github_id = g.github_id AND m.removed_at IS NULL AND i.deleted_at IS NULL \
               AND i.suspended_at IS NULL)) \
               AND NOT EXISTS (SELECT 1 FROM repository_syncs s WHERE s.repository_id = g.id AND s.dead_at > $1) ORDER BY g.id";
    let rows: Vec<Row> =
        db.all(db.statement(sql, [failed_since.into(), only_registered.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Returns since when changes of a repository were not read from GitHub's API; `None` if it was never read.
pub(crate) async fn last_synced_at(
    db: &impl Sql,
    id: RepositoryId,
) -> Result<Option<Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        last_synced_at: Option<Timestamp>,
    }
    let sql = "SELECT last_synced_at FROM repositories WHERE id = $1";
    let row: Option<Row> = db.one(db.statement(sql, [id.into()])).await?;
    Ok(row.and_then(|row| row.last_synced_at))
}

/// Records that everything up to `until` was read from GitHub's API.
pub(crate) async fn synced(
    tx: &Tx,
    id: RepositoryId,
    until: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE repositories SET sync_status = 'synced', last_synced_at = $1, updated_at = $2 \
               WHERE id = $3";
    tx.run(tx.statement(sql, [until.into(), now.into(), id.into()])).await?;
    Ok(())
}
