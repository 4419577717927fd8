use identity::{actions::protect_minor, model::UserId, reads::verified_email};
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use recognition::model::BADGES_DUE;
use serde_json::json;
use uuid::Uuid;

use super::{
    competitor_acts::act_on_competitor, competitor_rows::changeable_competitor,
    consents::agreed_version, releases, settle_status::settle_status,
};
use crate::{
    model::{CompetitorId, Division, ReleaseBy, RosterRole},
    reads::{self, CompetitorView},
    rules::{
        consent::{KnownAge, check_own_age, check_own_parent, counts_as_minor, is_void},
        parents::check_parent_address,
        profile::{Profile, ProfileInput},
    },
    store::{competitors, links, own_profiles},
};

/// Refuses what a competitor must not change about themselves: an age that ends the protection of minors, unless a coach recorded
/// it or the roster agrees, and a parent who was asked for consent.
pub(crate) async fn check_own(
    tx: &Tx,
    found: &CompetitorView,
    profile: &Profile,
) -> Result<(), ActionError> {
    let known = known_age(tx, found, found.is_18_or_over).await?;
    check_own_age(known, profile.is_18_or_over)?;
    let was_asked = links::was_parent_asked(tx, found.key()).await?;
    Ok(check_own_parent(&found.profile(), profile, was_asked)?)
}

/// Refuses a parent whose address is one of the competitor's, in the profile or of the connected account: the competitor could consent
/// as the parent.
pub(crate) async fn check_parent(
    tx: &Tx,
    account: Option<Uuid>,
    profile: &Profile,
) -> Result<(), ActionError> {
    profile.check_parent()?;
    if let Some(person) = account {
        let own = verified_email(tx, person.into()).await?;
        check_parent_address(profile.parent_email.as_deref(), own.as_deref())?;
    }
    Ok(())
}

/// Returns what is known about the age of a competitor, with their age on record.
async fn known_age(
    tx: &Tx,
    found: &CompetitorView,
    recorded: Option<bool>,
) -> Result<KnownAge, ActionError> {
    let coaches = reads::roster_coaches(tx, found.roster()).await?;
    let first = coaches.iter().find(|row| row.role == RosterRole::Coach);
    Ok(KnownAge {
        recorded,
        is_college: first.is_some_and(|row| row.coach.division == Division::College),
        grade: found.grade,
    })
}

/// Lets the account of a competitor have the protection of minors, wherever it appears, as their age says, and without one as the roster
/// does.
async fn protect(
    tx: &Tx,
    context: &Context,
    (found, account): (&CompetitorView, Option<Uuid>),
    is_18_or_over: Option<bool>,
) -> Result<(), ActionError> {
    if let Some(account) = account {
        let known = known_age(tx, found, is_18_or_over).await?;
        protect_minor(tx, context, account.into(), counts_as_minor(known)).await?;
    }
    Ok(())
}

/// Stores a profile, and the status that follows. Withdraws a release that the competitor signed if they are not of age. The
/// caller locked the row.
///
/// # Errors
/// When the parent has an address of the competitor.
pub(crate) async fn store_profile(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    found: &CompetitorView,
    profile: &Profile,
) -> Result<(), ActionError> {
    let id = found.key();
    check_parent(tx, found.user_id, profile).await?;
    competitors::set_profile(tx, id, profile, context.now()).await?;
    protect(tx, context, (found, found.user_id), profile.is_18_or_over).await?;
    if found.is_released() && is_void(found.stated_by(), profile.is_18_or_over) {
        return releases::withdraw(tx, context, actor, id).await;
    }
    Ok(settle_status(tx, id).await?)
}

/// Changes the profile of a competitor, as the person themselves.
///
/// # Errors
/// When a field is missing or not valid, they state an age that neither a coach nor the roster confirms, they change a parent who
/// was asked for consent, they have left, or the roster is archived.
pub async fn edit_own_profile(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
    input: &ProfileInput,
) -> Result<(), ActionError> {
    let profile = Profile::read(input)?;
    let tx = context.begin().await?;
    let found = changeable_competitor(&tx, id).await?;
    check_own(&tx, &found, &profile).await?;
    store_profile(&tx, context, actor, &found, &profile).await?;
    let after = json!({ "missing": profile.missing() });
    let act = act_on_competitor(id, actor, "ctf_competitor.edit", Some(after));
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}

/// Records that a person agreed to the present consent text.
pub(crate) async fn agree(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    id: CompetitorId,
    agreed: Option<i64>,
) -> Result<(), ActionError> {
    let Some(version) = agreed_version(tx, agreed).await? else {
        return Ok(());
    };
    competitors::set_consent(tx, id, version, context.now()).await?;
    let after = json!({ "version": version });
    let act = act_on_competitor(id, actor, "ctf_competitor.consent", Some(after));
    audit::record(tx, context, act).await?;
    Ok(())
}

/// Signs the release of a competitor who is of age, as the person themselves.
///
/// # Errors
/// When they are not of age, did not agree to the present consent text, have left, or the roster is archived.
pub async fn sign_own_release(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
    agreed: Option<i64>,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let found = changeable_competitor(&tx, id).await?;
    if found.is_18_or_over != Some(true) {
        let detail = "Under 18, a parent has to consent. Ask your coach to send them the link.";
        return Err(Problem::new(ProblemKind::Conflict, "PARENT_REQUIRED", detail).into());
    }
    agree(&tx, context, actor, id, agreed).await?;
    sign_as_competitor(&tx, context, actor, &found).await?;
    Ok(tx.commit().await?)
}

/// Signs a release as the competitor, in the caller's transaction.
pub(crate) async fn sign_as_competitor(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    found: &CompetitorView,
) -> Result<(), ActionError> {
    let today = releases::today(tx, context, found).await?;
    releases::sign(tx, context, actor, found.key(), ReleaseBy::Competitor, today).await
}

/// Chooses whether a competitor gets the weekly email, which is sent to their account here.
///
/// # Errors
/// When they want it without a release, have left, or the roster is archived.
pub async fn choose_weekly_mail(
    context: &Context,
    id: CompetitorId,
    wants: bool,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let found = changeable_competitor(&tx, id).await?;
    if wants && !found.allows_mail() {
        let detail = "The weekly email needs a signed release. Sign it first, or ask your coach.";
        return Err(Problem::new(ProblemKind::Conflict, "NO_RELEASE", detail).into());
    }
    own_profiles::set_weekly_mail(&tx, id, wants, context.now()).await?;
    Ok(tx.commit().await?)
}

/// Connects a competitor with the account of a person, who then sees their own report card and earns the badges of their
/// milestones. The maker of the link answers for it. Repeating it changes nothing.
pub(crate) async fn connect(
    tx: &mut Tx,
    context: &Context,
    found: &CompetitorView,
    person: UserId,
    maker: Option<Uuid>,
) -> Result<(), ActionError> {
    if found.user_id == Some(person.0) {
        return Ok(());
    }
    // Keeps one account from being connected twice by concurrent requests.
    tx.serialize("ctf.connect").await?;
    let is_coach = reads::roster_role(tx, found.roster(), person).await?;
    let (id, now) = (found.key(), context.now());
    if is_coach.is_some() || !own_profiles::connect(tx, id, person, maker, now).await? {
        let detail = "This account coaches the roster, or belongs to another competitor. Save the profile without connecting it.";
        let problem = Problem::new(ProblemKind::Conflict, "ALREADY_COMPETITOR", detail);
        return Err(problem.at("connect").into());
    }
    protect(tx, context, (found, Some(person.0)), found.is_18_or_over).await?;
    let after = json!({ "roster": found.roster_id });
    let actor = Actor::Person(person.0);
    let act = act_on_competitor(id, actor, "ctf_competitor.join", Some(after));
    audit::record(tx, context, act).await?;
    tx.wake(BADGES_DUE, [person.0], context.ids.as_ref(), now).await?;
    Ok(())
}
