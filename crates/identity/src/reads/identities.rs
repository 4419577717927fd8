use platform::db::{DbError, Sql};

use crate::{
    model::{Identity, SeenLogin, UserId},
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

/// Lists the logins that a person has used, newest first.
pub async fn seen_logins(db: &impl Sql, person: UserId) -> Result<Vec<SeenLogin>, DbError> {
    let sql = "SELECT login, created_at FROM user_logins WHERE user_id = $1 \
               ORDER BY created_at DESC, id DESC LIMIT 200";
    db.all(db.statement(sql, [person.into()])).await
}
