use kernel::Timestamp;
use platform::db::{DbError, Sql};

use crate::{model::SetupUse, store::setup_codes};

/// Returns true if anyone with an open account is an admin.
pub async fn has_admin(db: &impl Sql) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM users WHERE role = 'admin' AND NOT is_deleted \
               LIMIT 1) AS found";
    Ok(db.count(db.statement(sql, [])).await? > 0)
}

/// Returns what a setup code is good for at present.
pub async fn setup_use(db: &impl Sql, now: Timestamp) -> Result<SetupUse, DbError> {
    Ok(if !has_admin(db).await? {
        SetupUse::FirstAdmin
    } else if setup_codes::can_sign_in(db, now).await? {
        SetupUse::SignIn
    } else {
        SetupUse::Nothing
    })
}
