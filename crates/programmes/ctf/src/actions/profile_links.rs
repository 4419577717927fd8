use chrono::TimeDelta;
use identity::{
    model::UserId,
    reads::{logins, verified_emails},
    rules::email_address,
};
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
    outbox::{EMAIL, Post, count_email_to, enqueue},
};
use serde_json::json;

use super::{
    Invite,
    competitor_acts::act_on_competitor,
    competitor_rows::changeable_competitor,
    links::{check_addressee, invite_within, mail_key, usable_link},
    own_profile::{agree, check_own, check_parent, connect, sign_as_competitor, store_profile},
};
use crate::{
    access,
    emails::CompetitorLink,
    model::{CompetitorId, LinkKind},
    reads::{self, CompetitorView, RosterView},
    rules::{
        links::lifetime,
        profile::{Profile, ProfileInput},
        rosters::{NAME, PERSON_NAME, SCHOOL, invalid, quoted_line},
    },
    store::links::{self, LinkRow, LinksOf},
};

/// The kind of the emails with links to competitors and parents.
pub(crate) const MAIL: &str = "ctf_competitor_link";

/// The maximum number of links of a kind that can be made for a competitor per day.
const PER_DAY: i64 = 10;

/// The reason that a server without email cannot ask a parent.
pub(crate) const NO_MAIL: &str = "This server cannot send email, so the parent cannot be asked by email. Record the signed paper instead.";

/// A link that was made for a competitor or a parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentLink {
    /// Its token, which is not stored.
    pub token: String,
    /// The address that it was emailed to; `None` if it has to be handed over.
    pub address: Option<String>,
}

/// Makes a link with which a competitor completes their profile, and emails it if they have an address and the server sends
/// email. It replaces earlier ones.
///
/// # Errors
/// When the competitor has left, the roster is archived, or too many links were made in a day.
pub async fn send_profile_link(
    context: &Context,
    post: &Post,
    actor: Actor,
    id: CompetitorId,
) -> Result<SentLink, ActionError> {
    let mut tx = context.begin().await?;
    let found = changeable_competitor(&tx, id).await?;
    let address = found.profile().email().map(str::to_owned);
    let sent = send(&mut tx, context, post, actor, &found, LinkKind::Profile, address).await?;
    tx.commit().await?;
    Ok(sent)
}

/// Makes a link with which a parent consents to the release, and emails it to the parent. It replaces earlier ones. The
/// coach does not see it, because the release then counts as stated by the parent.
///
/// # Errors
/// When the profile has no address of a parent, or the competitor's or a coach's, the server cannot send email, the competitor is of
/// age or has left, the roster is archived, or too many links were made in a day.
pub async fn send_consent_link(
    context: &Context,
    post: &Post,
    actor: Actor,
    id: CompetitorId,
) -> Result<SentLink, ActionError> {
    let mut tx = context.begin().await?;
    let found = changeable_competitor(&tx, id).await?;
    let refuse = |detail| Problem::new(ProblemKind::Conflict, "NO_PARENT", detail);
    if found.is_18_or_over == Some(true) {
        let detail = "This competitor is 18 or over and consents in their own profile.";
        return Err(refuse(detail).into());
    }
    let Some(address) = found.parent_email.clone() else {
        let detail = "The profile has no email address of a parent. Add one first.";
        return Err(refuse(detail).into());
    };
    check_parent(&tx, found.user_id, &found.profile()).await?;
    let coaches = reads::roster_coaches(&tx, found.roster()).await?;
    let coaches = coaches.into_iter().map(|own| own.coach.user_id.into());
    let coaches = verified_emails(&tx, coaches).await?;
    if coaches.values().any(|own| own.eq_ignore_ascii_case(&address)) {
        let detail = "The parent's email address is a coach's own, who cannot consent for a parent. Correct it first.";
        return Err(refuse(detail).into());
    }
    if !post.channels.has(EMAIL) {
        let problem = Problem::new(ProblemKind::Conflict, "CTF_NO_EMAIL", NO_MAIL);
        return Err(problem.into());
    }
    let sent =
        send(&mut tx, context, post, actor, &found, LinkKind::Consent, Some(address)).await?;
    tx.commit().await?;
    Ok(sent)
}

async fn send(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    actor: Actor,
    competitor: &CompetitorView,
    kind: LinkKind,
    address: Option<String>,
) -> Result<SentLink, ActionError> {
    let id = competitor.key();
    let address = address.filter(|_| post.channels.has(EMAIL));
    check_number(tx, context, id, kind).await?;
    links::revoke(tx, LinksOf::CompetitorKind(id, kind), context.now()).await?;
    let new =
        Invite { kind, roster: None, competitor: Some(id), role: None, email: address.clone() };
    let made = invite_within(tx, context, actor, &new).await?;
    if let Some((address, token)) = address.as_ref().zip(made.mailed) {
        // Addresses of competitors are typed by other people.
        let to = email_address(address)?;
        count_email_to(tx, context, actor.person(), &to).await?;
        let roster = reads::roster(tx, competitor.roster()).await?;
        let RosterView { name: roster, school, .. } = roster.ok_or_else(access::unknown_roster)?;
        // They may be from before names were checked for addresses. A school is not: one that looks like an address is left out.
        quoted_line(&competitor.first_name, "first_name", "The first name", PERSON_NAME)?;
        quoted_line(&roster, "name", "The name of the roster", NAME)?;
        let is_quotable = quoted_line(&school, "school", "The school", SCHOOL).is_ok();
        let school = Some(school).filter(|_| is_quotable);
        let coach = logins(tx, actor.person().map(UserId::new)).await?.into_values().next();
        let email = CompetitorLink {
            is_consent: kind == LinkKind::Consent,
            first_name: competitor.first_name.clone(),
            roster,
            school,
            coach,
            link: format!("{}/ctf/links/{token}", post.site),
            days: lifetime(kind).num_days(),
        };
        let content = post.write(&email, None)?;
        let key = mail_key(MAIL, made.id);
        enqueue(tx, context, key, &to, &content, context.now()).await?;
    }
    Ok(SentLink { token: made.token, address })
}

/// Keeps a competitor or a parent from getting any number of emails.
async fn check_number(
    tx: &Tx,
    context: &Context,
    id: CompetitorId,
    kind: LinkKind,
) -> Result<(), ActionError> {
    let since = context.now() - TimeDelta::days(1);
    if links::made_since(tx, id, kind, since).await? < PER_DAY {
        return Ok(());
    }
    let detail = format!(
        "{PER_DAY} links of this kind were made for this competitor in the last 24 hours. Try again tomorrow."
    );
    let problem = Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_INVITATIONS", detail);
    Err(problem.after(3600).into())
}

pub(crate) async fn named(
    tx: &Tx,
    context: &Context,
    token: &str,
) -> Result<CompetitorId, ActionError> {
    let link = reads::link(tx, token, context.now()).await?;
    let id = link.and_then(|link| link.competitor_id);
    Ok(CompetitorId::new(id.ok_or_else(access::unknown_link)?))
}

/// Finds the competitor of a link, locks them, and refuses a link that is not usable.
pub(crate) async fn competitor_of_link(
    tx: &Tx,
    context: &Context,
    token: &str,
    kind: LinkKind,
) -> Result<(CompetitorView, LinkRow), ActionError> {
    let found = changeable_competitor(tx, named(tx, context, token).await?).await?;
    let link = usable_link(tx, context, token, kind).await?;
    Ok((found, link))
}

#[derive(Clone, Debug, Default)]
pub struct CompletedProfile {
    pub profile: ProfileInput,
    /// The version of the consent text that they agreed to, 0 if there is no text; `None` if they did not agree.
    pub agreed: Option<i64>,
    /// The account to connect the competitor with.
    pub connect: Option<UserId>,
}

/// Completes a profile by a link, once. Fields that are left empty stay as they are. A competitor who is of age releases their
/// results with it.
///
/// # Errors
/// When the link is not usable, a field is missing or not valid, they are on record as under 18 and state another age, they
/// change a parent who was asked for consent, they did not agree to the present consent text, or the account cannot be connected.
pub async fn complete_profile(
    context: &Context,
    actor: Actor,
    token: &str,
    completed: &CompletedProfile,
) -> Result<CompetitorId, ActionError> {
    let mut tx = context.begin().await?;
    let id = complete(&mut tx, context, actor, token, completed).await?;
    tx.commit().await?;
    Ok(id)
}

/// Completes a profile like [`complete_profile`], in the caller's transaction.
pub(super) async fn complete(
    tx: &mut Tx,
    context: &Context,
    actor: Actor,
    token: &str,
    completed: &CompletedProfile,
) -> Result<CompetitorId, ActionError> {
    let (found, link) = competitor_of_link(tx, context, token, LinkKind::Profile).await?;
    let stored = found.profile();
    let profile = Profile::read(&completed.profile.or_names(&stored))?.or(stored);
    if let Some(missing) = profile.missing().first() {
        let detail = format!("The profile is not complete: {missing} is missing. Enter it.");
        return Err(invalid(detail).into());
    }
    check_own(tx, &found, &profile).await?;
    let id = found.key();
    store_profile(tx, context, actor, &found, &profile).await?;
    agree(tx, context, actor, id, completed.agreed).await?;
    if profile.is_18_or_over == Some(true) && !found.is_released() {
        sign_as_competitor(tx, context, actor, &found).await?;
    }
    if let Some(person) = completed.connect {
        check_addressee(tx, link.email.as_deref(), person).await?;
        connect(tx, context, &found, person, link.created_by_id).await?;
    }
    links::mark_used(tx, link.id.into(), context.now()).await?;
    let after = json!({ "link": link.id });
    let act = act_on_competitor(id, actor, "ctf_competitor.complete", Some(after));
    audit::record(tx, context, act).await?;
    Ok(id)
}
