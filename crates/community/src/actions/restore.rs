use platform::{ActionError, Context, audit::Actor};

use super::save::{add, begin, check_current};
use crate::{
    model::{TextName, TextVersion},
    reads,
    store::texts,
};

/// Saves the text of an earlier version as the next one. Restoring what is current changes nothing.
///
/// # Errors
/// When the text has no such version, or another version than `based_on` is current.
pub async fn restore_text(
    context: &Context,
    actor: Actor,
    name: TextName,
    version: i64,
    based_on: i64,
) -> Result<TextVersion, ActionError> {
    let (tx, current) = begin(context, name).await?;
    let earlier = texts::version(&tx, name, version).await?;
    let earlier = earlier.ok_or_else(|| reads::unknown_version(name, version))?;
    if let Some(current) = current.as_ref().filter(|current| current.body == earlier.body) {
        return Ok(current.clone());
    }
    check_current(&tx, name, based_on, current.as_ref()).await?;
    let text = (earlier.body, Some(version));
    let restored = add(&tx, context, actor, (name, current.as_ref()), text).await?;
    tx.commit().await?;
    Ok(restored)
}
