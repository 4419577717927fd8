//! Extractors that authorize reads and changes of rosters and competitors. Because these are data of pupils, all but the
//! one for the own row wait for a second factor that the person has or needs.

mod sync_caller;
mod team;
mod unknown;

use axum::{extract::FromRequestParts, http::request::Parts};
use identity::{
    access::{proven, signed_in},
    model::{Role, Viewer},
};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    db::DbError,
    web::{Path, WebError},
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    actions,
    model::{CompetitorId, RosterId, RosterRole},
    reads::{self, CoachView, CompetitorView, RosterView},
};

pub use sync_caller::{SyncCaller, SyncSecrets};
pub(crate) use team::unknown_team;
pub use team::{TeamCoach, TeamReader};
pub(crate) use unknown::{unknown_coach, unknown_competitor, unknown_link, unknown_roster};

/// A coach or an assistant of the roster with the `{roster}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct RosterReader {
    pub viewer: Viewer,
    pub roster: RosterView,
    /// The role on the roster; `None` for an admin without one.
    pub role: Option<RosterRole>,
}

/// A coach of the roster with the `{roster}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct RosterCoach {
    pub viewer: Viewer,
    pub roster: RosterView,
    /// The role on the roster; `None` for an admin without one.
    pub role: Option<RosterRole>,
}

/// A coach or an assistant of the roster of the competitor with the `{competitor}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct CompetitorReader {
    pub viewer: Viewer,
    pub competitor: CompetitorView,
    pub roster: RosterView,
    /// The role on the roster; `None` for an admin without one.
    pub role: Option<RosterRole>,
}

/// A coach of the roster of the competitor with the `{competitor}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct CompetitorCoach {
    pub viewer: Viewer,
    pub competitor: CompetitorView,
    pub roster: RosterView,
    /// The role on the roster; `None` for an admin without one.
    pub role: Option<RosterRole>,
}

/// The person whose own row a competitor is.
#[derive(Clone, Debug)]
pub struct OwnCompetitor {
    pub viewer: Viewer,
    pub competitor: CompetitorView,
    pub roster: RosterView,
}

#[derive(Clone, Debug)]
pub struct Coach {
    pub viewer: Viewer,
    pub coach: CoachView,
}

/// A person who may create a roster: an approved coach, or an admin, who becomes a coach with their first one.
#[derive(Clone, Debug)]
pub struct RosterMaker {
    pub viewer: Viewer,
    /// The coach; `None` for an admin who is not one yet.
    pub coach: Option<CoachView>,
}

/// Returns whether a role, or an admin without one, may change a roster.
fn manages(viewer: &Viewer, role: Option<RosterRole>) -> bool {
    role == Some(RosterRole::Coach) || viewer.acts_as(Role::Admin)
}

impl RosterReader {
    /// Returns whether the person may change the roster.
    #[must_use]
    pub fn can_manage(&self) -> bool {
        manages(&self.viewer, self.role)
    }
}

/// Records the read of an admin who does not coach a roster.
async fn note_read(
    context: &Context,
    viewer: &Viewer,
    role: Option<RosterRole>,
    roster: &RosterView,
) -> Result<(), WebError> {
    if role.is_none() {
        actions::note_roster_read(context, viewer.actor(), roster.key()).await?;
    }
    Ok(())
}

impl RosterReader {
    /// Records the read of an admin who does not coach the roster.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn note(&self, context: &Context) -> Result<(), WebError> {
        note_read(context, &self.viewer, self.role, &self.roster).await
    }
}

impl RosterCoach {
    /// Records the read of an admin who does not coach the roster.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn note(&self, context: &Context) -> Result<(), WebError> {
        note_read(context, &self.viewer, self.role, &self.roster).await
    }
}

/// Records the read of a competitor's data by an admin who does not coach their roster.
async fn note_competitor(
    context: &Context,
    viewer: &Viewer,
    role: Option<RosterRole>,
    competitor: &CompetitorView,
) -> Result<(), WebError> {
    if role.is_none() {
        actions::note_competitor_read(context, viewer.actor(), competitor.key()).await?;
    }
    Ok(())
}

impl CompetitorReader {
    /// Returns whether the person may change the competitor.
    #[must_use]
    pub fn can_manage(&self) -> bool {
        manages(&self.viewer, self.role)
    }

    /// Records the read of an admin who does not coach the roster.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn note(&self, context: &Context) -> Result<(), WebError> {
        note_competitor(context, &self.viewer, self.role, &self.competitor).await
    }
}

impl CompetitorCoach {
    /// Records the read of an admin who does not coach the roster.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn note(&self, context: &Context) -> Result<(), WebError> {
        note_competitor(context, &self.viewer, self.role, &self.competitor).await
    }
}

#[derive(Deserialize)]
struct RosterPath {
    roster: String,
}

#[derive(Deserialize)]
struct CompetitorPath {
    competitor: String,
}

impl FromRequestParts<Context> for RosterReader {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let viewer = proven(parts, "coach")?.clone();
        let Path(RosterPath { roster }) = Path::from_request_parts(parts, context).await?;
        let id = Uuid::try_parse(&roster).map_err(|_| unknown_roster())?;
        let found = reads::roster(&context.db, id.into()).await?;
        let roster = found.ok_or_else(unknown_roster)?;
        let role = role_on(context, &viewer, roster.key()).await?;
        let role = role.ok_or_else(unknown_roster)?;
        Ok(Self { viewer, roster, role: role.0 })
    }
}

impl FromRequestParts<Context> for RosterCoach {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let reader = RosterReader::from_request_parts(parts, context).await?;
        if !reader.can_manage() {
            return Err(coach_required().into());
        }
        Ok(Self { viewer: reader.viewer, roster: reader.roster, role: reader.role })
    }
}

impl FromRequestParts<Context> for CompetitorReader {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let viewer = proven(parts, "coach")?.clone();
        let Path(CompetitorPath { competitor }) = Path::from_request_parts(parts, context).await?;
        let id = Uuid::try_parse(&competitor).map_err(|_| unknown_competitor())?;
        let found = reads::competitor(&context.db, CompetitorId::new(id)).await?;
        let competitor = found.ok_or_else(unknown_competitor)?;
        let role = role_on(context, &viewer, competitor.roster_id.into()).await?;
        let role = role.ok_or_else(unknown_competitor)?;
        let roster = reads::roster(&context.db, competitor.roster_id.into()).await?;
        Ok(Self {
            viewer,
            competitor,
            roster: roster.ok_or_else(unknown_competitor)?,
            role: role.0,
        })
    }
}

impl FromRequestParts<Context> for CompetitorCoach {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let reader = CompetitorReader::from_request_parts(parts, context).await?;
        if !reader.can_manage() {
            return Err(coach_required().into());
        }
        Ok(Self {
            viewer: reader.viewer,
            competitor: reader.competitor,
            roster: reader.roster,
            role: reader.role,
        })
    }
}

impl FromRequestParts<Context> for OwnCompetitor {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let viewer = signed_in(parts)?.clone();
        let found = reads::competitor_of(&context.db, viewer.user_id).await?;
        let found = found.filter(|competitor| competitor.erased_at.is_none());
        let competitor = found.ok_or_else(no_competitor)?;
        let roster = reads::roster(&context.db, competitor.roster_id.into()).await?;
        Ok(Self { viewer, competitor, roster: roster.ok_or_else(no_competitor)? })
    }
}

impl FromRequestParts<Context> for Coach {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let viewer = proven(parts, "coach")?.clone();
        let found = reads::coach_of(&context.db, viewer.user_id).await?;
        let found = found.filter(|coach| coach.approved);
        let coach = found.ok_or_else(approved_coach_required)?;
        Ok(Self { viewer, coach })
    }
}

impl FromRequestParts<Context> for RosterMaker {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let viewer = proven(parts, "coach")?.clone();
        let coach = reads::coach_of(&context.db, viewer.user_id).await?;
        let may = match &coach {
            Some(coach) => coach.approved,
            None => viewer.acts_as(Role::Admin),
        };
        if !may {
            return Err(approved_coach_required().into());
        }
        Ok(Self { viewer, coach })
    }
}

/// The role with which a person may read a roster; empty for an admin without one.
struct ReaderRole(Option<RosterRole>);

/// Returns the role with which a person may read a roster; `None` for a stranger.
async fn role_on(
    context: &Context,
    viewer: &Viewer,
    roster: RosterId,
) -> Result<Option<ReaderRole>, WebError> {
    let role = reads::roster_role(&context.db, roster, viewer.user_id).await?;
    if role.is_some() || viewer.acts_as(Role::Admin) {
        Ok(Some(ReaderRole(role)))
    } else {
        Ok(None)
    }
}

/// Returns whether a person may still read a roster.
pub(crate) async fn may_read(
    context: &Context,
    viewer: &Viewer,
    roster: RosterId,
) -> Result<bool, DbError> {
    let role = reads::roster_role(&context.db, roster, viewer.user_id).await?;
    Ok(role.is_some() || viewer.acts_as(Role::Admin))
}

/// Returns the error for a person without a row of their own.
fn no_competitor() -> Problem {
    Problem::not_found(
        "You are not a competitor on any roster. Open the join link of your coach first, or ask them for a profile link if you \
         were on the roster before.",
    )
}

/// Returns the error for an assistant of a roster.
fn coach_required() -> Problem {
    let detail = "Assistants can see this roster but not change it. Ask a coach of the roster.";
    Problem::new(ProblemKind::Forbidden, "ROSTER_COACH_REQUIRED", detail)
}

/// Returns the error for a person who is not an approved coach.
pub(crate) fn approved_coach_required() -> Problem {
    let detail =
        "Only approved coaches can do this. Ask an admin of this server for an invitation.";
    Problem::new(ProblemKind::Forbidden, "COACH_REQUIRED", detail)
}
