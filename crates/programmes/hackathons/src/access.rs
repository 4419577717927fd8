//! Extractors that authorize reading and changing hackathons.

use axum::{extract::FromRequestParts, http::request::Parts};
use identity::{
    access::{MaybePerson, signed_in},
    model::{Role, Viewer},
};
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    web::{Path, WebError},
};
use serde::Deserialize;

use crate::{
    model::{StaffRole, Visibility},
    reads::{self, ApplicationView, HackathonView},
    rules::teams::read_code,
};

/// The hackathon with the `{slug}` of the path, if the sender of the request may see it.
#[derive(Clone, Debug)]
pub struct SeenHackathon {
    /// The hackathon.
    pub hackathon: HackathonView,
    /// The person; `None` for a visitor.
    pub viewer: Option<Viewer>,
    /// Their role in the staff.
    pub role: Option<StaffRole>,
    /// Their application.
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
}

/// A person who takes part in the hackathon with the `{slug}` of the path or is in its staff, or an admin.
#[derive(Clone, Debug)]
pub struct Insider {
    /// The person.
    pub viewer: Viewer,
    /// The hackathon.
    pub hackathon: HackathonView,
    /// Their application.
    pub application: Option<ApplicationView>,
}

/// An organizer of the hackathon with the `{slug}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct Organizer {
    /// The person.
    pub viewer: Viewer,
    /// The hackathon.
    pub hackathon: HackathonView,
}

/// A person who may hold hackathons, or an admin.
#[derive(Clone, Debug)]
pub struct Host(pub Viewer);

#[derive(Deserialize)]
struct Slug {
    slug: String,
}

impl FromRequestParts<Context> for SeenHackathon {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(Slug { slug }) = Path::from_request_parts(parts, context).await?;
        let MaybePerson(viewer) = MaybePerson::from_request_parts(parts, context).await?;
        let found = reads::hackathon(&context.db, &slug).await?;
        let hackathon = found.ok_or_else(|| unknown_hackathon(&slug))?;
        let (mut role, mut application) = (None, None);
        if let Some(viewer) = &viewer {
            let (db, id) = (&context.db, hackathon.key());
            role = reads::role_in(db, id, viewer.user_id).await?;
            application = reads::application(db, id, viewer.user_id).await?;
        }
        let seen = Self {
            invitation: invitation(parts),
            hackathon,
            viewer,
            role,
            application,
        };
        match may_see(&seen, context) {
            true => Ok(seen),
            false => Err(unknown_hackathon(&slug).into()),
        }
    }
}

/// Returns the code of the invitation link in the query; empty if there is none.
fn invitation(parts: &Parts) -> String {
    let query = parts.uri.query().unwrap_or_default();
    let mut values = query
        .split('&')
        .filter_map(|it| it.strip_prefix("invitation="));
    let code = values.next().and_then(|code| read_code(code).ok());
    code.unwrap_or_default()
}

/// Returns whether the sender of a request may see a hackathon: its staff and admins always, everyone else once it is
/// published; a private one only people who applied, and with the invitation link.
fn may_see(seen: &SeenHackathon, context: &Context) -> bool {
    if seen.role.is_some() || is_admin(seen.viewer.as_ref()) {
        return true;
    }
    let hackathon = &seen.hackathon;
    let is_private = hackathon.visibility() == Visibility::Private;
    let is_invited = seen.application.is_some() || seen.invitation == hackathon.invite_code;
    is_published(hackathon, context.now()) && (!is_private || is_invited)
}

fn is_admin(viewer: Option<&Viewer>) -> bool {
    viewer.is_some_and(|viewer| viewer.acts_as(Role::Admin))
}

impl FromRequestParts<Context> for Insider {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let viewer = signed_in(parts)?.clone();
        let seen = SeenHackathon::from_request_parts(parts, context).await?;
        let takes_part = (seen.application.as_ref()).is_some_and(|it| it.status().is_open());
        if takes_part || seen.role.is_some() || is_admin(Some(&viewer)) {
            return Ok(Self {
                viewer,
                hackathon: seen.hackathon,
                application: seen.application,
            });
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
            return Ok(Self {
                viewer,
                hackathon: seen.hackathon,
            });
        }
        let detail = format!(
            "Only organizers of {} can do this. Ask one of them.",
            seen.hackathon.title
        );
        let problem = Problem::new(
            ProblemKind::Forbidden,
            "HACKATHON_ORGANIZER_REQUIRED",
            detail,
        );
        Err(problem.into())
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
    !is_published(hackathon, now) || hackathon.visibility() == Visibility::Private
}

/// Returns the error for an unknown hackathon, and for one that the person may not see.
pub(crate) fn unknown_hackathon(slug: &str) -> Problem {
    Problem::not_found(format!(
        "Unknown hackathon '{slug}'. See /hackathons for all hackathons."
    ))
}

/// Returns the error for a person without an open application.
pub(crate) fn not_applied(hackathon: &HackathonView) -> Problem {
    let detail = format!(
        "You do not take part in {}. Apply first, while applications are open.",
        hackathon.title
    );
    Problem::new(ProblemKind::Forbidden, "NOT_A_PARTICIPANT", detail)
}

/// Returns the error for an unknown team.
pub(crate) fn unknown_team() -> Problem {
    Problem::not_found("Unknown team. Open the page of the hackathon, which leads to your team.")
}

/// Returns the error for a person without a team.
pub(crate) fn no_team() -> Problem {
    let detail = "You are not in a team of this hackathon. Create one, or join one with its code.";
    Problem::new(ProblemKind::Conflict, "NO_TEAM", detail)
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
