use std::collections::BTreeSet;

use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::{DbError, Tx},
};
use serde_json::json;

use super::{
    competitor_acts::act_on_competitor,
    competitor_rows::{changeable_competitor, present},
    enroll::{enroll, enroll_again},
    own_profile::store_profile,
    rosters::{changeable_roster, locked_roster},
    settle_status::settle_status,
};
use crate::{
    model::{CompetitorId, RosterId},
    reads::{self, RosterView},
    rules::profile::{Profile, ProfileInput},
    store::{
        competitors,
        links::{self, LinksOf},
        own_profiles,
    },
};

/// The maximum number of competitors of a roster.
const MOST: i64 = 1_000;

/// Adds a competitor to a roster, confirmed. Returns their ID.
///
/// # Errors
/// When a field is missing or not valid, the roster has a competitor with the email address, is full or archived.
pub async fn add_competitor(
    context: &Context,
    actor: Actor,
    roster: RosterId,
    input: &ProfileInput,
) -> Result<CompetitorId, ActionError> {
    let profile = Profile::read(input)?;
    let tx = context.begin().await?;
    let view = changeable_roster(&tx, roster).await?;
    check_size(&tx, roster, 1).await?;
    let known = competitors::addresses(&tx, roster).await?;
    if let Some(field) = known_field(&profile, &known.into_iter().collect()) {
        let detail =
            "A competitor of this roster has this email address. Open their profile instead.";
        let problem = Problem::new(ProblemKind::Conflict, "ALREADY_COMPETITOR", detail);
        return Err(problem.at(field).into());
    }
    let id = add(&tx, context, &view, &profile).await?;
    let after = json!({ "roster": roster.0 });
    let act = act_on_competitor(id, actor, "ctf_competitor.add", Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(id)
}

pub(super) async fn add(
    tx: &Tx,
    context: &Context,
    roster: &RosterView,
    profile: &Profile,
) -> Result<CompetitorId, ActionError> {
    let id = CompetitorId::new(context.ids.next());
    competitors::insert(tx, id, roster.key(), profile, context.now()).await?;
    enroll(tx, context, roster, [id]).await?;
    settle_status(tx, id).await?;
    Ok(id)
}

/// Returns the field with an address that is among the known ones.
fn known_field(profile: &Profile, known: &BTreeSet<String>) -> Option<&'static str> {
    let fields =
        [("email_school", &profile.email_school), ("email_personal", &profile.email_personal)];
    let is_known = |address: &String| known.contains(&address.to_ascii_lowercase());
    let mut fields = fields.into_iter();
    let found = fields.find(|(_, address)| address.as_ref().is_some_and(is_known));
    found.map(|(field, _)| field)
}

/// Returns whether a roster takes more competitors. Those who wait for a coach count too, so that each can be confirmed. The
/// caller locked the roster.
pub(crate) async fn takes_more(tx: &Tx, roster: RosterId, more: usize) -> Result<bool, DbError> {
    let present = competitors::present(tx, roster).await?;
    Ok(present + i64::try_from(more).unwrap_or(MOST) <= MOST)
}

pub(super) async fn check_size(tx: &Tx, roster: RosterId, more: usize) -> Result<(), ActionError> {
    if takes_more(tx, roster, more).await? {
        return Ok(());
    }
    let detail = format!("A roster has at most {MOST} competitors. Create another roster.");
    Err(Problem::new(ProblemKind::Conflict, "ROSTER_FULL", detail).into())
}

/// Confirms a competitor who joined by a link. Repeating it changes nothing.
///
/// # Errors
/// When they have left, or the roster is archived.
pub async fn confirm_competitor(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let found = changeable_competitor(&tx, id).await?;
    if found.confirmed_at.is_none() {
        confirm(&tx, context, actor, id).await?;
    }
    Ok(tx.commit().await?)
}

async fn confirm(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<(), ActionError> {
    competitors::confirm(tx, id, context.now()).await?;
    own_profiles::confirm_account(tx, id, actor.person(), context.now()).await?;
    settle_status(tx, id).await?;
    let act = act_on_competitor(id, actor, "ctf_competitor.confirm", None);
    audit::record(tx, context, act).await?;
    Ok(())
}

/// Confirms that the account of a competitor is theirs: the person who acts answers for it from now on. Repeating it
/// changes nothing.
///
/// # Errors
/// When they have left, or the roster is archived.
pub async fn confirm_account(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    changeable_competitor(&tx, id).await?;
    if own_profiles::confirm_account(&tx, id, actor.person(), context.now()).await? {
        let act = act_on_competitor(id, actor, "ctf_competitor.confirm_account", None);
        audit::record(&tx, context, act).await?;
    }
    Ok(tx.commit().await?)
}

/// Confirms all competitors of a roster who joined by a link; returns their number. Those who left meanwhile are left out.
///
/// # Errors
/// When the roster is archived.
pub async fn confirm_all(
    context: &Context,
    actor: Actor,
    roster: RosterId,
) -> Result<usize, ActionError> {
    let mut confirmed = 0;
    for id in reads::unconfirmed(&context.db, roster).await? {
        confirmed += usize::from(confirm_waiting(context, actor, roster, id).await?);
    }
    Ok(confirmed)
}

/// Confirms a competitor if they still wait on this roster; returns whether they did.
async fn confirm_waiting(
    context: &Context,
    actor: Actor,
    roster: RosterId,
    id: CompetitorId,
) -> Result<bool, ActionError> {
    let tx = context.begin().await?;
    changeable_roster(&tx, roster).await?;
    tx.lock_rows("competitors", [id.0]).await?;
    let found = reads::competitor(&tx, id).await?;
    let is_waiting = found.is_some_and(|found| {
        let is_gone = found.left_at.is_some() || found.erased_at.is_some();
        found.roster() == roster && found.confirmed_at.is_none() && !is_gone
    });
    if !is_waiting {
        return Ok(false);
    }
    confirm(&tx, context, actor, id).await?;
    tx.commit().await?;
    Ok(true)
}

/// Changes the profile of a competitor. Another address revokes the links that were sent to the former one.
///
/// # Errors
/// When a field is missing or not valid, they have left, or the roster is archived.
pub async fn edit_competitor(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
    input: &ProfileInput,
) -> Result<(), ActionError> {
    let profile = Profile::read(input)?;
    let tx = context.begin().await?;
    let found = changeable_competitor(&tx, id).await?;
    store_profile(&tx, context, actor, &found, &profile).await?;
    if !profile.has_addresses_of(&found.profile()) {
        links::revoke(&tx, LinksOf::Competitor(id), context.now()).await?;
    }
    let after = json!({ "missing": profile.missing() });
    let act = act_on_competitor(id, actor, "ctf_competitor.edit", Some(after));
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}

/// Removes a competitor from their roster, who may be the person who acts. Their results stay.
///
/// # Errors
/// When they have left already, or the roster is archived.
pub async fn remove_competitor(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let found = changeable_competitor(&tx, id).await?;
    competitors::leave(&tx, id, context.now()).await?;
    let after = json!({ "roster": found.roster_id });
    let act = act_on_competitor(id, actor, "ctf_competitor.leave", Some(after));
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}

/// Moves a competitor with their history to another roster, which the caller has checked that the person coaches too, and who
/// answers for the account from now on. From an archived roster, this restores a competitor who stayed out; the
/// archived year keeps them.
///
/// # Errors
/// When they have left, the other roster is full or archived, or another roster has archived its school year of them.
pub async fn move_competitor(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
    to: RosterId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let found = present(&tx, id).await?;
    let mut rosters = [found.roster(), to];
    rosters.sort_unstable_by_key(|roster| roster.0);
    for roster in rosters {
        locked_roster(&tx, roster).await?;
    }
    tx.lock_rows("competitors", [id.0]).await?;
    let found = present(&tx, id).await?;
    if found.roster() == to {
        return Ok(());
    }
    let roster = changeable_roster(&tx, to).await?;
    check_size(&tx, to, 1).await?;
    enroll_again(&tx, context, &roster, &found).await?;
    competitors::move_to(&tx, id, to, context.now()).await?;
    own_profiles::confirm_account(&tx, id, actor.person(), context.now()).await?;
    let after = json!({ "from": found.roster_id, "to": to.0 });
    let act = act_on_competitor(id, actor, "ctf_competitor.move", Some(after));
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}
