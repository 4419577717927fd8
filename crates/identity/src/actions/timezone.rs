use crate::model::UserId;
use platform::{
    ActionError, Context,
    db::{Sql, Tx},
};

use crate::rules::timezone_named;

/// Keeps where a person lives, by the names of the time zone database, on the caller's transaction.
///
/// # Errors
/// When there is no such time zone, or the database fails.
pub async fn set_timezone(
    tx: &Tx,
    context: &Context,
    person: UserId,
    name: &str,
) -> Result<(), ActionError> {
    let timezone = timezone_named(name)?;
    let sql = "UPDATE users SET timezone = $1, updated_at = $2 WHERE id = $3";
    let values = [timezone.name().into(), context.now().into(), person.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
