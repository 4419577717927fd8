use std::collections::BTreeSet;

use identity::model::UserId;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
    slug,
};
use serde_json::json;

use super::{act_on, locked, opened, ring};
use crate::{
    access,
    actions::person_named,
    model::{ClaimKind, RewardId},
    reads::{self, RewardView},
    rules::{
        invalid_reward,
        rewards::{RewardDetails, RewardInput, read_codes},
    },
    store::rewards,
};

/// Slugs that are paths of pages.
const RESERVED: [&str; 2] = ["new", "redemptions"];

#[derive(Clone, Debug, Default)]
pub struct NewReward {
    /// The slug, derived from the name when absent.
    pub slug: Option<String>,
    pub details: RewardInput,
}

/// Creates a reward. Returns it.
///
/// # Errors
/// When a field is missing or not valid, or the slug is taken.
pub async fn create_reward(
    context: &Context,
    actor: Actor,
    new: NewReward,
) -> Result<RewardView, ActionError> {
    let details = RewardDetails::read(&new.details, None);
    let tx = context.begin().await?;
    tx.serialize("hackathons.reward_slugs").await?;
    let owner = owner(&tx, &new.details, None).await;
    let own = &tx;
    let is_taken = |slug: String| async move {
        let is_page = RESERVED.contains(&slug.as_str());
        Ok(is_page || reads::reward(own, &slug).await?.is_some())
    };
    let chosen = slug::chosen_for(new.slug.as_deref(), details, |it| &it.name, is_taken).await;
    let (slug, details, owner) = joined(chosen, owner)?;
    let (id, now) = (RewardId::new(context.ids.next()), context.now());
    rewards::insert(&tx, id, &slug, &details, owner, now).await?;
    let after = json!({ "slug": slug, "cost": details.cost, "stock": details.stock });
    let act = act_on(id.0, actor, "reward.create", Some(after));
    audit::record(&tx, context, act).await?;
    let created = reads::reward(&tx, &slug).await?;
    tx.commit().await?;
    Ok(created.ok_or_else(|| access::unknown_reward(&slug))?)
}

/// Joins the refusals of a new reward and of its owner.
fn joined(
    chosen: Result<(String, RewardDetails), ActionError>,
    owner: Result<Option<UserId>, ActionError>,
) -> Result<(String, RewardDetails, Option<UserId>), ActionError> {
    match (ActionError::refusal(chosen)?, ActionError::refusal(owner)?) {
        (Ok((slug, details)), Ok(owner)) => Ok((slug, details, owner)),
        (Err(problem), owner) => Err(problem.with(owner).into()),
        (_, Err(problem)) => Err(problem.into()),
    }
}

/// Returns the owner that an input names, or the present one where it is silent.
async fn owner(
    tx: &Tx,
    input: &RewardInput,
    before: Option<UserId>,
) -> Result<Option<UserId>, ActionError> {
    let Some(login) = input.owner.as_deref().map(str::trim) else {
        return Ok(before);
    };
    if login.is_empty() {
        return Ok(None);
    }
    match person_named(tx, login).await {
        Ok((owner, _)) => Ok(Some(owner)),
        Err(ActionError::Refused(problem)) => Err(invalid_reward("owner", problem.detail).into()),
        Err(error) => Err(error),
    }
}

/// Changes a reward. Redemptions keep what they cost. Returns it.
///
/// # Errors
/// When the reward is unknown, or a field is not valid.
pub async fn edit_reward(
    context: &Context,
    actor: Actor,
    slug: &str,
    input: &RewardInput,
) -> Result<RewardView, ActionError> {
    let tx = context.begin().await?;
    let reward = locked(&tx, slug).await?;
    let before = (reward.details(), reward.owner_id.map(UserId::new));
    let details = RewardDetails::read(input, Some(&before.0));
    let owner = owner(&tx, input, before.1).await;
    let (_, details, owner) =
        joined(details.map(|details| (String::new(), details)).map_err(Into::into), owner)?;
    if (&details, owner) == (&before.0, before.1) {
        return Ok(reward);
    }
    rewards::update(&tx, reward.key(), &details, owner, context.now()).await?;
    let after = json!({ "cost": details.cost, "stock": details.stock });
    let act = act_on(reward.id, actor, "reward.edit", Some(after));
    audit::record(&tx, context, act).await?;
    let edited = reads::reward(&tx, slug).await?;
    tx.commit().await?;
    Ok(edited.ok_or_else(|| access::unknown_reward(slug))?)
}

/// Archives a reward, so that people can no longer redeem it, or offers it again. Repeating it changes nothing. Returns it.
///
/// # Errors
/// When the reward is unknown.
pub async fn archive_reward(
    context: &Context,
    actor: Actor,
    slug: &str,
    is_archived: bool,
) -> Result<RewardView, ActionError> {
    let tx = context.begin().await?;
    let reward = locked(&tx, slug).await?;
    if reward.archived_at.is_some() == is_archived {
        return Ok(reward);
    }
    let now = context.now();
    rewards::set_archived(&tx, reward.key(), is_archived.then_some(now), now).await?;
    let action = if is_archived { "reward.archive" } else { "reward.restore" };
    audit::record(&tx, context, act_on(reward.id, actor, action, None)).await?;
    let archived = reads::reward(&tx, slug).await?;
    tx.commit().await?;
    Ok(archived.ok_or_else(|| access::unknown_reward(slug))?)
}

/// Adds coupon codes to a reward, one a line, which raises its stock. Codes that it has are left out. Returns the number of
/// new ones.
///
/// # Errors
/// When the reward is unknown or has no codes, or a line is not valid.
pub async fn add_codes(
    context: &Context,
    actor: Actor,
    slug: &str,
    lines: &str,
) -> Result<usize, ActionError> {
    let mut codes = read_codes(lines)?;
    let ring = ring(context)?;
    let tx = context.begin().await?;
    tx.serialize(rewards::CODES).await?;
    let reward = locked(&tx, slug).await?;
    if reward.claim_kind != ClaimKind::Code {
        let detail = "This reward has no codes. Create one whose claim is a code from its list.";
        return Err(invalid_reward("codes", detail.to_owned()).into());
    }
    let mut known = BTreeSet::new();
    for sealed in rewards::codes(&tx, reward.key()).await? {
        known.extend(opened(context, Some(&sealed))?);
    }
    codes.retain(|code| !known.contains(code));
    let seal = |code: &String| Ok((context.ids.next(), ring.seal(code.as_bytes())?));
    let sealed: Vec<_> = codes.iter().map(seal).collect::<Result<_, ActionError>>()?;
    let added = sealed.len();
    if added > 0 {
        rewards::insert_codes(&tx, reward.key(), sealed, context.now()).await?;
        rewards::move_stock(&tx, reward.key(), added as i64).await?;
        let after = json!({ "codes": added });
        let act = act_on(reward.id, actor, "reward.add_codes", Some(after));
        audit::record(&tx, context, act).await?;
    }
    tx.commit().await?;
    Ok(added)
}
