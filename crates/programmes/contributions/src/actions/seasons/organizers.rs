use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use super::{act_on, locked, person_named};
use crate::{model::SeasonId, store::seasons};

/// Makes a person an organizer of a season. Repeating it changes nothing. Returns the login.
///
/// # Errors
/// When the season or the login is unknown.
pub async fn add_organizer(
    context: &Context,
    actor: Actor,
    slug: &str,
    login: &str,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    let season = locked(&tx, slug).await?;
    let (person, login) = person_named(&tx, actor, login).await?;
    let (id, row) = (SeasonId::new(season.id), context.ids.next());
    if seasons::add_organizer(&tx, row, id, person, context.now()).await? {
        let after = json!({ "person": person.0 });
        let act = act_on(&season, actor, "season.add_organizer", None, Some(after));
        audit::record(&tx, context, act).await?;
    }
    tx.commit().await?;
    Ok(login)
}

/// Removes an organizer of a season. Repeating it changes nothing. Returns the login.
///
/// # Errors
/// When the season or the login is unknown.
pub async fn remove_organizer(
    context: &Context,
    actor: Actor,
    slug: &str,
    login: &str,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    let season = locked(&tx, slug).await?;
    let (person, login) = person_named(&tx, actor, login).await?;
    if seasons::remove_organizer(&tx, SeasonId::new(season.id), person).await? {
        let after = json!({ "person": person.0 });
        let act = act_on(&season, actor, "season.remove_organizer", None, Some(after));
        audit::record(&tx, context, act).await?;
    }
    tx.commit().await?;
    Ok(login)
}
