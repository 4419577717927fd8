use platform::{ActionError, Context, theme::Theme};

use crate::{model::UserId, store::people};

/// Stores the color scheme of pages that a person chose; `None` for their device's.
///
/// # Errors
/// When the database fails.
pub async fn set_theme(
    context: &Context,
    person: UserId,
    theme: Option<Theme>,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    people::set_theme(&tx, person, theme, context.now()).await?;
    Ok(tx.commit().await?)
}
