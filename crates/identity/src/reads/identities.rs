use std::collections::{BTreeMap, BTreeSet};

use kernel::Timestamp;
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{Identity, IdentityId, SeenLogin, UserId},
    store::identities,
};

/// Lists a person's linked accounts, oldest first.
pub async fn identities(db: &impl Sql, person: UserId) -> Result<Vec<Identity>, DbError> {
    let sql = format!(
        "SELECT {} FROM user_identities WHERE user_id = $1 ORDER BY created_at, id",
        identities::COLUMNS
    );
    db.all(db.statement(&sql, [person.into()])).await
}

/// Returns the account of each of these people that they linked first. People without accounts are left out.
pub async fn first_identities(
    db: &impl Sql,
    people: impl IntoIterator<Item = UserId>,
) -> Result<BTreeMap<UserId, IdentityId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        user_id: Uuid,
    }
    let mut query = db.query();
    let rows = query.rows(ids(people), "r");
    let sql = format!(
        "SELECT i.id, i.user_id FROM {rows} JOIN user_identities i ON i.user_id = r.id \
         ORDER BY i.created_at DESC, i.id DESC"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let linked = rows.into_iter();
    Ok(linked.map(|row| (row.user_id.into(), row.id.into())).collect())
}

/// Returns the accounts among these IDs.
pub async fn identities_among(
    db: &impl Sql,
    among: impl IntoIterator<Item = IdentityId>,
) -> Result<BTreeSet<IdentityId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let mut query = db.query();
    let rows = query.rows(ids(among), "r");
    let sql = format!("SELECT i.id FROM {rows} JOIN user_identities i ON i.id = r.id");
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Returns when the GitHub accounts of people were created, as far as known; the earliest, if a person has several.
/// Without IDs, it runs no query.
pub async fn accounts_created(
    db: &impl Sql,
    people: impl IntoIterator<Item = UserId>,
) -> Result<BTreeMap<UserId, Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        account_created_at: Timestamp,
    }
    let people = ids(people);
    if people.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut query = db.query();
    let rows = query.rows(people, "r");
    // CROSS JOIN makes SQLite start with the set. Without statistics, it would scan all identities.
    let sql = format!(
        "SELECT i.user_id, i.account_created_at FROM {rows} CROSS JOIN user_identities i \
         WHERE i.user_id = r.id AND i.account_created_at IS NOT NULL"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let mut created: BTreeMap<UserId, Timestamp> = BTreeMap::new();
    for row in rows {
        let at = row.account_created_at;
        let earliest = created.entry(row.user_id.into()).or_insert(at);
        *earliest = at.min(*earliest);
    }
    Ok(created)
}

/// Returns GitHub's ID of the account that a person proved to be theirs: they signed in with it or linked it, and did not
/// unlink it. An account that is known only from deliveries is not proven.
pub async fn proven_github_id(db: &impl Sql, person: UserId) -> Result<Option<i64>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        subject: String,
    }
    let sql = "SELECT subject FROM user_identities WHERE user_id = $1 AND provider = 'github' \
               AND used_at IS NOT NULL AND unlinked_at IS NULL ORDER BY used_at DESC, id LIMIT 1";
    let row: Option<Row> = db.one(db.statement(sql, [person.into()])).await?;
    Ok(row.and_then(|row| row.subject.parse().ok()))
}

/// Returns whether a person has an account on GitHub, whose pull requests count as theirs.
pub async fn has_github(db: &impl Sql, person: UserId) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM user_identities WHERE user_id = $1 AND provider = 'github'";
    Ok(db.count(db.statement(sql, [person.into()])).await? > 0)
}

/// Returns the condition that the person with this ID, an SQL expression, has no account on GitHub.
#[must_use]
pub fn lacks_github(person: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM user_identities own_github \
         WHERE own_github.user_id = {person} AND own_github.provider = 'github')"
    )
}

/// Lists the logins that a person has used, newest first.
pub async fn seen_logins(db: &impl Sql, person: UserId) -> Result<Vec<SeenLogin>, DbError> {
    let sql = "SELECT login, created_at FROM user_logins WHERE user_id = $1 \
               ORDER BY created_at DESC, id DESC LIMIT 200";
    db.all(db.statement(sql, [person.into()])).await
}
