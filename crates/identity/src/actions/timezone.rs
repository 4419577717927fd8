use platform::{ActionError, Context, db::Tx};

use crate::{model::UserId, rules::timezone_named, store::people};

/// Stores a person's time zone, by its name in the time zone database, in the caller's transaction.
///
/// # Errors
/// When the name is unknown.
pub async fn set_timezone(
    tx: &Tx,
    context: &Context,
    person: UserId,
    name: &str,
) -> Result<(), ActionError> {
    let timezone = timezone_named(name)?;
    Ok(people::set_timezone(tx, person, timezone.name(), context.now()).await?)
}
