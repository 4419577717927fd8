use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::{Value, json};

use super::{act_on, board::refresh_board, changeable};
use crate::{
    model::SeasonId,
    reads::{self, SeasonView},
    rules::seasons::{SeasonDetails, SeasonInput},
    store::seasons,
};

/// Changes the details of a season, and recounts its leaderboard if its days changed. A new consent text is a new
/// version: those who registered stay with the version that they agreed to. Repeating it changes nothing. Returns the
/// season.
///
/// # Errors
/// When the season is unknown, final or canceled, or a field is not valid.
pub async fn change_season(
    context: &Context,
    actor: Actor,
    slug: &str,
    input: SeasonInput,
) -> Result<SeasonView, ActionError> {
    let mut tx = context.begin().await?;
    let season = changeable(&tx, context, slug).await?;
    let id = SeasonId::new(season.id);
    let consent = reads::consent(&tx, id, season.consent_version).await?;
    let before = season.details(consent);
    let after = SeasonDetails::read(&input, Some(&before))?;
    if after == before {
        return Ok(season);
    }
    let now = context.now();
    let mut version = season.consent_version;
    if after.consent != before.consent {
        version += 1;
        seasons::insert_consent(&tx, context.ids.next(), id, version, after.consent.as_str(), now)
            .await?;
    }
    seasons::update(&tx, id, &after, version, now).await?;
    let (before, after) = (Some(described(&before)), Some(described(&after)));
    audit::record(&tx, context, act_on(&season, actor, "season.edit", before, after)).await?;
    let changed = reads::season(&tx, slug).await?.unwrap_or(season);
    refresh_board(&mut tx, context, &changed).await?;
    tx.commit().await?;
    Ok(changed)
}

fn described(details: &SeasonDetails) -> Value {
    json!({
        "name": details.name,
        "first_day": details.days.first.to_string(), "last_day": details.days.last.to_string(),
        "registration_first_day": details.registration.first.map(|day| day.to_string()),
        "registration_last_day": details.registration.last.to_string(),
        "goal": details.goal, "is_registered_only": details.is_registered_only,
    })
}
