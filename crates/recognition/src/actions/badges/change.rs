use kernel::{Timestamp, truncate_to_micros};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
};

use super::{begin, changed, described, find, request};
use crate::{
    model::{BadgeRow, Rarity},
    rules::badges::{BadgeTexts, Criteria},
    store::badges,
};

/// Changes of a badge. Absent fields stay as they are. The slug never changes, because other sites embed its image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BadgeChange {
    /// The display name.
    pub name: Option<String>,
    /// A sentence about it.
    pub description: Option<String>,
    /// The condition under which people earn it.
    pub criteria: Option<Criteria>,
    pub rarity: Option<Rarity>,
    /// True to retire it: holders keep it, and no one can earn it anymore. False to end that.
    pub retired: Option<bool>,
}

/// Changes a badge, retires it or ends that. Repeating it changes nothing. When people may earn it by other criteria than
/// before, everyone is evaluated; those who have it keep it.
///
/// # Errors
/// When the badge is unknown or a text is not valid.
pub async fn change_badge(
    context: &Context,
    actor: Actor,
    slug: &str,
    change: BadgeChange,
) -> Result<BadgeRow, ActionError> {
    let mut tx = begin(context).await?;
    let before = find(&tx, slug).await?;
    let after = applied(&before, change, truncate_to_micros(context.now()))?;
    if after == before {
        return Ok(before);
    }
    badges::update(&tx, &after, context.now()).await?;
    let action = match (before.retired_at, after.retired_at) {
        (None, Some(_)) => "badge.retire",
        (Some(_), None) => "badge.restore",
        _ => "badge.edit",
    };
    let states = (Some(described(&before)), Some(described(&after)));
    audit::record(&tx, context, changed(actor, action, &after, states)).await?;
    let has_other_rules = before.criteria != after.criteria || before.retired_at.is_some();
    if has_other_rules && after.retired_at.is_none() {
        request(&mut tx, context, &after).await?;
    }
    tx.commit().await?;
    Ok(after)
}

fn applied(
    before: &BadgeRow,
    change: BadgeChange,
    now: Timestamp,
) -> Result<BadgeRow, ActionError> {
    let texts = BadgeTexts {
        slug: before.slug.clone(),
        name: change.name.unwrap_or_else(|| before.name.clone()),
        description: change.description.unwrap_or_else(|| before.description.clone()),
    };
    let texts = texts.checked()?;
    let wanted = change.criteria.as_ref().map_or(before.audience, Criteria::audience);
    let criteria = change.criteria.map(|it| it.document().to_string());
    Ok(BadgeRow {
        name: texts.name,
        description: texts.description,
        criteria: criteria.unwrap_or_else(|| before.criteria.clone()),
        rarity: change.rarity.unwrap_or(before.rarity),
        // Whoever has it got it when fewer were shown it.
        audience: before.audience.max(wanted),
        retired_at: match change.retired {
            None => before.retired_at,
            Some(false) => None,
            Some(true) => Some(before.retired_at.unwrap_or(now)),
        },
        ..before.clone()
    })
}
