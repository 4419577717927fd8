use kernel::{Ids, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, Tx, ascii_lower};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{AccountKind, GithubAccount, IdentityId, UserId};

/// A stored GitHub account.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct StoredAccount {
    pub(crate) user_id: Uuid,
    pub(crate) identity_id: Uuid,
    pub(crate) subject: String,
    pub(crate) login: String,
    pub(crate) login_seen_at: Timestamp,
    pub(crate) kind: AccountKind,
    pub(crate) avatar_url: Option<String>,
    /// When GitHub created the account, if known.
    pub(crate) account_created_at: Option<Timestamp>,
}

fn subjects<'a>(accounts: impl IntoIterator<Item = &'a GithubAccount>) -> Rows<1> {
    let mut rows = Rows::new([("subject", Kind::Text)]);
    for account in accounts {
        rows.push([account.github_id.to_string().into()]);
    }
    rows
}

const COLUMNS: &str = "u.id AS user_id, i.id AS identity_id, i.subject, u.login, u.login_seen_at, \
     u.kind, u.avatar_url, i.account_created_at";

pub(crate) async fn find<'a>(
    tx: &Tx,
    accounts: impl IntoIterator<Item = &'a GithubAccount>,
) -> Result<Vec<StoredAccount>, DbError> {
    let mut query = tx.query();
    let rows = query.rows(subjects(accounts), "r");
    // CROSS JOIN makes SQLite start with the set. Without statistics, it would scan all identities.
    let sql = format!(
        "SELECT {COLUMNS} FROM {rows} CROSS JOIN user_identities i JOIN users u ON u.id = i.user_id \
         WHERE i.provider = 'github' AND i.subject = r.subject"
    );
    tx.all(query.statement(sql)).await
}

/// Finds the accounts that are known by the logins of these.
pub(crate) async fn holders<'a>(
    tx: &Tx,
    accounts: impl IntoIterator<Item = &'a GithubAccount>,
) -> Result<Vec<StoredAccount>, DbError> {
    let mut logins = Rows::new([("login", Kind::Text)]);
    for account in accounts {
        logins.push([account.login.to_ascii_lowercase().into()]);
    }
    if logins.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = tx.query();
    let rows = query.rows(logins, "r");
    let sql = format!(
        "SELECT {COLUMNS} FROM {rows} CROSS JOIN users u JOIN user_identities i ON i.user_id = u.id \
         WHERE {} = r.login AND NOT u.is_deleted AND i.provider = 'github'",
        ascii_lower("u.login")
    );
    tx.all(query.statement(sql)).await
}

/// Inserts unclaimed accounts, each with a person and a GitHub identity.
pub(crate) async fn insert(
    tx: &Tx,
    ids: &dyn Ids,
    accounts: &[&GithubAccount],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows = Rows::new([
        ("user_id", Kind::Uuid),
        ("identity_id", Kind::Uuid),
        ("subject", Kind::Text),
        ("login", Kind::Text),
        ("seen_at", Kind::At),
        ("kind", Kind::Text),
        ("avatar_url", Kind::Text),
        ("account_created_at", Kind::At),
    ]);
    for account in accounts {
        rows.push([
            ids.next().into(),
            ids.next().into(),
            account.github_id.to_string().into(),
            account.login.clone().into(),
            account.seen_at.into(),
            account.kind.as_str().into(),
            account.avatar_url.clone().into(),
            account.created_at.into(),
        ]);
    }
    let mut query = tx.query();
    let (set, at) = (query.rows(rows.clone(), "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO users (id, login, login_seen_at, kind, avatar_url, created_at, updated_at) \
         SELECT r.user_id, r.login, r.seen_at, r.kind, r.avatar_url, {at}, {at} FROM {set}"
    );
    tx.run(query.statement(sql)).await?;
    let mut query = tx.query();
    let (set, at) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO user_identities (id, user_id, provider, subject, account_created_at, created_at) \
         SELECT r.identity_id, r.user_id, 'github', r.subject, r.account_created_at, {at} FROM {set}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Updates accounts from newer payloads.
pub(crate) async fn refresh(
    tx: &Tx,
    newer: &[(UserId, &GithubAccount)],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows = Rows::new([
        ("user_id", Kind::Uuid),
        ("login", Kind::Text),
        ("seen_at", Kind::At),
        ("kind", Kind::Text),
        ("avatar_url", Kind::Text),
    ]);
    tx.lock_rows("users", newer.iter().map(|(id, _)| id.0)).await?;
    for (user_id, account) in newer {
        rows.push([
            (*user_id).into(),
            account.login.clone().into(),
            account.seen_at.into(),
            account.kind.as_str().into(),
            account.avatar_url.clone().into(),
        ]);
    }
    let mut query = tx.query();
    let (set, at) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "UPDATE users SET login = r.login, login_seen_at = r.seen_at, \
         kind = CASE r.kind WHEN 'unknown' THEN users.kind ELSE r.kind END, \
         avatar_url = coalesce(r.avatar_url, users.avatar_url), updated_at = {at} \
         FROM {set} WHERE users.id = r.user_id"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Adds the kind and avatar of accounts that have none. Never changes a known one.
pub(crate) async fn complete(
    tx: &Tx,
    stated: &[(UserId, &GithubAccount)],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows =
        Rows::new([("user_id", Kind::Uuid), ("kind", Kind::Text), ("avatar_url", Kind::Text)]);
    tx.lock_rows("users", stated.iter().map(|(id, _)| id.0)).await?;
    for (user_id, account) in stated {
        rows.push([
            (*user_id).into(),
            account.kind.as_str().into(),
            account.avatar_url.clone().into(),
        ]);
    }
    let mut query = tx.query();
    let (set, at) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "UPDATE users SET kind = CASE users.kind WHEN 'unknown' THEN r.kind ELSE users.kind END, \
         avatar_url = coalesce(users.avatar_url, r.avatar_url), updated_at = {at} \
         FROM {set} WHERE users.id = r.user_id"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Adds when accounts were created. Never changes a known instant.
pub(crate) async fn date(tx: &Tx, stated: &[(IdentityId, Timestamp)]) -> Result<(), DbError> {
    let mut rows = Rows::new([("identity_id", Kind::Uuid), ("account_created_at", Kind::At)]);
    tx.lock_rows("user_identities", stated.iter().map(|(id, _)| id.0)).await?;
    for (identity_id, created_at) in stated {
        rows.push([(*identity_id).into(), (*created_at).into()]);
    }
    let mut query = tx.query();
    let set = query.rows(rows, "r");
    let sql = format!(
        "UPDATE user_identities SET account_created_at = r.account_created_at FROM {set} \
         WHERE user_identities.id = r.identity_id AND user_identities.account_created_at IS NULL"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Records the logins that people were seen with.
pub(crate) async fn record_logins(
    tx: &Tx,
    ids: &dyn Ids,
    names: &[(UserId, &str)],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows = Rows::new([("id", Kind::Uuid), ("user_id", Kind::Uuid), ("login", Kind::Text)]);
    for (user_id, login) in names {
        rows.push([ids.next().into(), (*user_id).into(), (*login).into()]);
    }
    let mut query = tx.query();
    let (set, at) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO user_logins (id, user_id, login, created_at) \
         SELECT r.id, r.user_id, r.login, {at} FROM {set} WHERE true \
         ON CONFLICT (user_id, login) DO NOTHING"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
