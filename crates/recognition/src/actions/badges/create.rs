use kernel::{Problem, ProblemKind};
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBadge {
    /// The slug, the name and the description.
    pub texts: BadgeTexts,
    /// The condition under which people earn it.
    pub criteria: Criteria,
    pub rarity: Rarity,
}

/// The maximum number of badges, because evaluations and pages go through all of them.
const MOST: i64 = 200;

/// Creates a badge, and has it evaluated for everyone.
///
/// # Errors
/// When a text is not valid, the slug is taken, or there are too many badges.
pub async fn create_badge(
    context: &Context,
    actor: Actor,
    new: NewBadge,
) -> Result<BadgeRow, ActionError> {
    let texts = new.texts.checked()?;
    let mut tx = begin(context).await?;
    if badges::count(&tx).await? >= MOST {
        let detail = format!("There are {MOST} badges already, which is the maximum.");
        return Err(Problem::new(ProblemKind::Conflict, "TOO_MANY_BADGES", detail).into());
    }
    let badge = badges::NewBadgeRow {
        texts: texts.clone(),
        criteria: new.criteria,
        rarity: new.rarity,
        is_seeded: false,
    };
    let (ids, now) = (context.ids.as_ref(), context.now());
    if badges::insert(&tx, ids, [badge], now).await? == 0 {
        return Err(taken(&texts.slug).into());
    }
    let badge = find(&tx, &texts.slug).await?;
    let states = (None, Some(described(&badge)));
    let act = changed(actor, "badge.create", &badge, states);
    audit::record(&tx, context, act).await?;
    request(&mut tx, context, &badge).await?;
    tx.commit().await?;
    Ok(badge)
}

fn taken(slug: &str) -> Problem {
    let detail = format!("The slug '{slug}' is already in use. Choose a different one.");
    Problem::new(ProblemKind::Conflict, "BADGE_SLUG_TAKEN", detail).at("slug")
}
