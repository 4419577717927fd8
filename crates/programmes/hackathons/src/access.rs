//! Extractors that authorize reading and changing hackathons.

mod boards;

use axum::{extract::FromRequestParts, http::request::Parts};
use identity::{
    access::{MaybePerson, signed_in},
    model::{Role, UserId, Viewer},
};
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    outbox::Post,
    web::{Path, WebError, not_found},
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    FLAG,
    model::{ApplicationStatus, StaffRole, Visibility},
    reads::{self, ApplicationView, FeedView, HackathonView, RewardView},
    rules::{
        calendar_token::{read_feed_token, read_token},
        teams::read_code,
    },
};

pub use boards::{ExportTarget, ReadBoard};

/// The hackathon with the `{slug}` of the path, if the sender of the request may see it.
#[derive(Clone, Debug)]
pub struct SeenHackathon {
    pub hackathon: HackathonView,
    /// The person; `None` for a visitor.
    pub viewer: Option<Viewer>,
    pub role: Option<StaffRole>,
    pub application: Option<ApplicationView>,
    /// The code of the invitation link that they opened; empty for none.
    pub invitation: String,
}

impl SeenHackathon {
    /// Returns whether the person organizes the hackathon, or is an admin.
    #[must_use]
    pub fn organizes(&self) -> bool {
        self.role == Some(StaffRole::Organizer) || is_admin(self.viewer.as_ref())
    }

    /// Returns the part of an address that keeps the invitation; empty without one.
    #[must_use]
    pub fn kept_invitation(&self) -> String {
        match self.invitation.as_str() {
            "" => String::new(),
            code => format!("?invitation={code}"),
        }
    }
}

/// The hackathon whose calendar the `{token}` of the path shows, as long as its person takes part or is in the staff, and is neither
/// banned nor closed their account.
#[derive(Clone, Debug)]
pub struct SubscribedHackathon(pub HackathonView);

/// The personal calendar that the `{token}` of the path names, unless its person closed their account or is banned.
#[derive(Clone, Debug)]
pub struct OwnedFeed(pub FeedView);

/// A person who takes part in the hackathon with the `{slug}` of the path or is in its staff, or an admin.
#[derive(Clone, Debug)]
pub struct Insider {
    pub viewer: Viewer,
    pub hackathon: HackathonView,
    pub application: Option<ApplicationView>,
}

impl Insider {
    /// Returns whether the person has an open application.
    #[must_use]
    pub fn takes_part(&self) -> bool {
        (self.application.as_ref()).is_some_and(|own| own.status.is_open())
    }
}

/// An organizer of the hackathon with the `{slug}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct Organizer {
    pub viewer: Viewer,
    pub hackathon: HackathonView,
}

/// A mentor or an organizer of the hackathon with the `{slug}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct Mentor {
    pub viewer: Viewer,
    pub hackathon: HackathonView,
    /// True if they organize it, or are an admin.
    pub organizes: bool,
}

/// A judge or an organizer of the hackathon with the `{slug}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct Judge {
    pub viewer: Viewer,
    pub hackathon: HackathonView,
    /// True if they organize it, or are an admin.
    pub organizes: bool,
}

/// The reward with the `{slug}` of the path. Archived ones are for admins.
#[derive(Clone, Debug)]
pub struct SeenReward {
    pub reward: RewardView,
    /// The person; `None` for a visitor.
    pub viewer: Option<Viewer>,
}

/// A person who opened an invitation to a staff, and has hackathons. Its link is followed by people who are not signed in, for whom the
/// flag may be off.
#[derive(Clone, Debug)]
pub struct Invited(pub Viewer);

/// A person who may hold hackathons, or an admin.
#[derive(Clone, Debug)]
pub struct Host(pub Viewer);

#[derive(Deserialize)]
struct Slug {
    slug: String,
}

/// The hackathon with the `{id}` of the path, if the sender of the request may see it.
#[derive(Clone, Debug)]
pub struct SeenById(pub SeenHackathon);

impl FromRequestParts<Context> for SeenHackathon {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(Slug { slug }) = Path::from_request_parts(parts, context).await?;
        let found = reads::hackathon(&context.db, &slug).await?;
        seen(parts, context, found, &slug).await
    }
}

impl FromRequestParts<Context> for SeenById {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(id): Path<Uuid> = Path::from_request_parts(parts, context).await?;
        let found = reads::hackathon_by_id(&context.db, id.into()).await?;
        seen(parts, context, found, &id.to_string()).await.map(Self)
    }
}

/// Returns a hackathon as the sender of a request sees it.
///
/// # Errors
/// When there is none, or they may not see it; both are the same to them. The problem names what they asked for.
async fn seen(
    parts: &mut Parts,
    context: &Context,
    found: Option<HackathonView>,
    name: &str,
) -> Result<SeenHackathon, WebError> {
    let MaybePerson(viewer) = MaybePerson::from_request_parts(parts, context).await?;
    let hackathon = found.ok_or_else(|| unknown_hackathon(name))?;
    let (mut role, mut application) = (None, None);
    if let Some(viewer) = &viewer {
        let (db, id) = (&context.db, hackathon.key());
        role = reads::role_in(db, id, viewer.user_id).await?;
        application = reads::application(db, id, viewer.user_id).await?;
    }
    let invitation = invitation(parts);
    let seen = SeenHackathon { invitation, hackathon, viewer, role, application };
    if may_see(&seen, context) { Ok(seen) } else { Err(unknown_hackathon(name).into()) }
}

/// Returns the code of the invitation link in the query; empty if there is none.
fn invitation(parts: &Parts) -> String {
    let query = parts.uri.query().unwrap_or_default();
    let mut values = query.split('&').filter_map(|it| it.strip_prefix("invitation="));
    let code = values.next().and_then(|code| read_code(code).ok());
    code.unwrap_or_default()
}

/// Returns whether the sender of a request may see a hackathon: its staff and admins always, everyone else once it is
/// published; a private one only people who applied and did not withdraw, and with the invitation link.
fn may_see(seen: &SeenHackathon, context: &Context) -> bool {
    if seen.role.is_some() || is_admin(seen.viewer.as_ref()) {
        return true;
    }
    let hackathon = &seen.hackathon;
    let is_private = hackathon.visibility == Visibility::Private;
    let has_applied =
        (seen.application.as_ref()).is_some_and(|it| it.status != ApplicationStatus::Withdrawn);
    let is_invited = has_applied || seen.invitation == hackathon.invite_code;
    is_published(hackathon, context.now()) && (!is_private || is_invited)
}

fn is_admin(viewer: Option<&Viewer>) -> bool {
    viewer.is_some_and(|viewer| viewer.acts_as(Role::Admin))
}

impl FromRequestParts<Context> for SubscribedHackathon {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(token): Path<String> = Path::from_request_parts(parts, context).await?;
        let post = parts.extensions.get::<Post>();
        let named = post.and_then(|post| post.ring.find(|keys| read_token(keys.emails(), &token)));
        let (id, person) = named.ok_or_else(unknown_calendar)?;
        let db = &context.db;
        let found = reads::hackathon_by_id(db, id).await?;
        let hackathon = found.ok_or_else(unknown_calendar)?;
        let application = reads::application(db, id, person).await?;
        let takes_part = application.is_some_and(|it| it.status.is_open());
        let is_in = takes_part || reads::role_in(db, id, person).await?.is_some();
        if is_in && is_active(context, person).await? {
            Ok(Self(hackathon))
        } else {
            Err(unknown_calendar().into())
        }
    }
}

impl FromRequestParts<Context> for OwnedFeed {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(token): Path<String> = Path::from_request_parts(parts, context).await?;
        let post = parts.extensions.get::<Post>();
        let read = |post: &Post| {
            let ring = &post.ring;
            ring.find(|keys| read_feed_token(keys.emails(), &token))
        };
        let id = post.and_then(read).ok_or_else(unknown_feed)?;
        let found = reads::calendar_feed_by_id(&context.db, id).await?;
        let feed = found.ok_or_else(unknown_feed)?;
        if is_active(context, feed.user_id.into()).await? {
            Ok(Self(feed))
        } else {
            Err(unknown_feed().into())
        }
    }
}

/// Returns whether the person of an address that works without a session has hackathons, is not banned and did not close their
/// account.
async fn is_active(context: &Context, person: UserId) -> Result<bool, WebError> {
    let reachable = identity::reads::reachable(&context.db, person, context.now()).await?;
    Ok(reachable.is_some_and(|it| context.flags.is_on(FLAG, it.flag_viewer())))
}

/// Returns the error for an address of a personal calendar that does not work.
pub(crate) fn unknown_feed() -> Problem {
    Problem::not_found("Unknown calendar. Copy its address again from /hackathon-calendar.")
}

/// Returns the error for an address of a calendar that does not work.
fn unknown_calendar() -> Problem {
    Problem::not_found(
        "Unknown calendar, or you no longer take part. Copy the address again from the page of the hackathon.",
    )
}

impl FromRequestParts<Context> for Insider {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let viewer = signed_in(parts)?.clone();
        let seen = SeenHackathon::from_request_parts(parts, context).await?;
        let takes_part = (seen.application.as_ref()).is_some_and(|it| it.status.is_open());
        if takes_part || seen.role.is_some() || is_admin(Some(&viewer)) {
            return Ok(Self { viewer, hackathon: seen.hackathon, application: seen.application });
        }
        Err(not_applied(&seen.hackathon).into())
    }
}

impl FromRequestParts<Context> for Organizer {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let viewer = signed_in(parts)?.clone();
        let seen = SeenHackathon::from_request_parts(parts, context).await?;
        if seen.organizes() {
            return Ok(Self { viewer, hackathon: seen.hackathon });
        }
        Err(not_organizer(&seen.hackathon).into())
    }
}

impl FromRequestParts<Context> for Invited {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let viewer = signed_in(parts)?.clone();
        let who = identity::reads::flag_viewer(&context.db, viewer.user_id).await?;
        if context.flags.is_on(FLAG, who) { Ok(Self(viewer)) } else { Err(not_found().into()) }
    }
}

impl FromRequestParts<Context> for Judge {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let viewer = signed_in(parts)?.clone();
        let seen = SeenHackathon::from_request_parts(parts, context).await?;
        let organizes = seen.organizes();
        if organizes || seen.role == Some(StaffRole::Judge) {
            return Ok(Self { viewer, hackathon: seen.hackathon, organizes });
        }
        let detail = format!(
            "Only judges of {} can do this. Ask an organizer to make you one.",
            seen.hackathon.title
        );
        Err(Problem::new(ProblemKind::Forbidden, "JUDGE_REQUIRED", detail).into())
    }
}

impl FromRequestParts<Context> for Mentor {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let viewer = signed_in(parts)?.clone();
        let seen = SeenHackathon::from_request_parts(parts, context).await?;
        let organizes = seen.organizes();
        if organizes || seen.role == Some(StaffRole::Mentor) {
            return Ok(Self { viewer, hackathon: seen.hackathon, organizes });
        }
        Err(not_mentor(&seen.hackathon).into())
    }
}

impl FromRequestParts<Context> for SeenReward {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(Slug { slug }) = Path::from_request_parts(parts, context).await?;
        let MaybePerson(viewer) = MaybePerson::from_request_parts(parts, context).await?;
        let found = reads::reward(&context.db, &slug).await?;
        let may_see = |it: &RewardView| it.archived_at.is_none() || is_admin(viewer.as_ref());
        let reward = found.filter(may_see);
        let reward = reward.ok_or_else(|| unknown_reward(&slug))?;
        Ok(Self { reward, viewer })
    }
}

impl FromRequestParts<Context> for Host {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let viewer = signed_in(parts)?.clone();
        if is_admin(Some(&viewer)) || reads::is_host(&context.db, viewer.user_id).await? {
            return Ok(Self(viewer));
        }
        let detail = "Only hosts can hold hackathons. Ask an admin of this server to make you one.";
        Err(Problem::new(ProblemKind::Forbidden, "HOST_REQUIRED", detail).into())
    }
}

/// Returns whether a hackathon was published, also if it is canceled since. A draft that is canceled was not.
fn is_published(hackathon: &HackathonView, now: Timestamp) -> bool {
    let published_at = hackathon.steps().published_at;
    published_at.is_some_and(|at| at <= now)
}

/// Returns whether a stranger must not learn that a hackathon exists: a draft, or a private one.
pub(crate) fn is_hidden(hackathon: &HackathonView, now: Timestamp) -> bool {
    !is_published(hackathon, now) || hackathon.visibility == Visibility::Private
}

/// Returns the error for an unknown hackathon, and for one that the person may not see.
pub(crate) fn unknown_hackathon(slug: &str) -> Problem {
    Problem::not_found(format!("Unknown hackathon '{slug}'. See /hackathons for all hackathons."))
}

/// Returns the error for a person without an open application.
pub(crate) fn not_applied(hackathon: &HackathonView) -> Problem {
    let detail = format!(
        "You do not take part in {}. See its page for whether you can apply.",
        hackathon.title
    );
    Problem::new(ProblemKind::Forbidden, "NOT_A_PARTICIPANT", detail)
}

/// Returns the error for a person who does not organize the hackathon.
pub(crate) fn not_organizer(hackathon: &HackathonView) -> Problem {
    let detail = format!("Only organizers of {} can do this. Ask one of them.", hackathon.title);
    Problem::new(ProblemKind::Forbidden, "HACKATHON_ORGANIZER_REQUIRED", detail)
}

/// Returns the error for a person who is neither a mentor nor an organizer of the hackathon.
pub(crate) fn not_mentor(hackathon: &HackathonView) -> Problem {
    let detail = format!(
        "Only mentors of {} can do this. Ask an organizer to make you one.",
        hackathon.title
    );
    Problem::new(ProblemKind::Forbidden, "MENTOR_REQUIRED", detail)
}

/// Returns the error for an unknown announcement.
pub(crate) fn unknown_announcement() -> Problem {
    Problem::not_found("Unknown announcement. Open the list of announcements again.")
}

/// Returns the error for an unknown request for help, and for that of another hackathon.
pub(crate) fn unknown_help_request() -> Problem {
    Problem::not_found("Unknown request for help. Open the help queue again.")
}

/// Returns the error for an unknown survey.
pub(crate) fn unknown_survey() -> Problem {
    Problem::not_found("Unknown survey. There is one for `participants` and one for `judges`.")
}

/// Returns the error for a person who is not invited to a survey.
pub(crate) fn not_surveyed(hackathon: &HackathonView) -> Problem {
    let detail = format!(
        "You are not invited to a survey of {}. People with a place and judges are, 24 hours after its results.",
        hackathon.title
    );
    Problem::new(ProblemKind::Forbidden, "NOT_INVITED_TO_SURVEY", detail)
}

/// Returns the error for an unknown prize.
pub(crate) fn unknown_prize() -> Problem {
    Problem::not_found("Unknown prize. Open the list of prizes again.")
}

/// Returns the error for a person who is not a judge of a hackathon.
pub(crate) fn unknown_judge() -> Problem {
    Problem::not_found("This person is not a judge of the hackathon. Open its staff again.")
}

/// Returns the error for an unknown invitation to the staff.
pub(crate) fn unknown_staff_invitation() -> Problem {
    Problem::not_found(
        "Unknown invitation, or it has ended. Copy the whole link from the email, or ask an organizer of the hackathon.",
    )
}

/// Returns the error for an unknown award of a prize, and for that of another submission.
pub(crate) fn unknown_award() -> Problem {
    Problem::not_found("Unknown award of a prize. Open the list of prizes again.")
}

/// Returns the error for an unknown team.
pub(crate) fn unknown_team() -> Problem {
    Problem::not_found("Unknown team. Open the page of the hackathon, which leads to your team.")
}

/// Returns the error for an unknown task, and for that of another team.
pub(crate) fn unknown_task() -> Problem {
    Problem::not_found("Unknown task. Open the board of the team again.")
}

/// Returns the error for a person without a team.
pub(crate) fn no_team() -> Problem {
    let detail = "You are not in a team of this hackathon. Create one, or join one with its code.";
    Problem::new(ProblemKind::Conflict, "NO_TEAM", detail)
}

/// Returns the error for a person or team without a submission.
pub(crate) fn no_submission() -> Problem {
    let detail = "There is no submission. Submit one, while submissions are open.";
    Problem::new(ProblemKind::Conflict, "NO_SUBMISSION", detail)
}

/// Returns the error for an unknown reward, and for an archived one.
pub(crate) fn unknown_reward(slug: &str) -> Problem {
    Problem::not_found(format!("Unknown reward '{slug}'. See /rewards for all rewards."))
}

/// Returns the error for an unknown redemption, and for that of another person.
pub(crate) fn unknown_redemption() -> Problem {
    Problem::not_found("Unknown redemption. Open the list of redemptions again.")
}

/// Returns the error for an unknown submission.
pub(crate) fn unknown_submission() -> Problem {
    Problem::not_found("Unknown submission. Open the list of submissions again.")
}

/// Returns the error for removing the leader, or for the leader's own role.
pub(crate) fn leader_stays() -> Problem {
    let detail = "A team keeps its leader. Make another member the leader first.";
    Problem::new(ProblemKind::Conflict, "LEADER_STAYS", detail)
}

/// Returns the error for a person who is no member of the team.
pub(crate) fn unknown_member(login: &str) -> Problem {
    let detail = format!("{login} is not in your team. Reload the page of your team.");
    Problem::not_found(detail)
}
