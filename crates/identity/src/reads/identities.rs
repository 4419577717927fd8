use std::collections::BTreeSet;

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

/// Lists the logins that a person has used, newest first.
pub async fn seen_logins(db: &impl Sql, person: UserId) -> Result<Vec<SeenLogin>, DbError> {
    let sql = "SELECT login, created_at FROM user_logins WHERE user_id = $1 \
               ORDER BY created_at DESC, id DESC LIMIT 200";
    db.all(db.statement(sql, [person.into()])).await
}
