use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use crate::{
    actions::{act_on, changeable},
    reads,
    rules::judging::settings::{JudgingInput, JudgingSettings},
    store::judging,
};

/// Sets how a hackathon is judged. Returns it.
///
/// # Errors
/// When a field is not valid, the mode or the criteria would change after the first score, or the hackathon is over.
pub async fn set_judging(
    context: &Context,
    actor: Actor,
    slug: &str,
    input: &JudgingInput,
) -> Result<JudgingSettings, ActionError> {
    let settings = JudgingSettings::read(input)?;
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let (id, now) = (hackathon.key(), context.now());
    let before = reads::judging_settings(&tx, id).await?;
    before.may_become(&settings, reads::has_scores(&tx, id).await?)?;
    judging::save_settings(&tx, context.ids.next(), id, &settings, now).await?;
    if before.criteria != settings.criteria {
        judging::delete_criteria(&tx, id).await?;
        for (position, criterion) in (1..).zip(&settings.criteria) {
            let row = context.ids.next();
            judging::insert_criterion(&tx, row, id, position, criterion, now).await?;
        }
    }
    let after = json!({
        "mode": settings.mode.as_str(), "looks": settings.looks, "criteria": settings.criteria,
        "minutes_per_look": settings.minutes_per_look, "minutes": settings.minutes,
    });
    let act = act_on(&hackathon, actor, "hackathon.set_judging", Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(settings)
}
