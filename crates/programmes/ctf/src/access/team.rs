use axum::{extract::FromRequestParts, http::request::Parts};
use identity::{access::proven, model::Viewer};
use kernel::Problem;
use platform::{
    Context,
    web::{Path, WebError},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{coach_required, manages, note_read, role_on};
use crate::{
    model::RosterRole,
    reads::{self, RosterView, TeamView},
};

/// A coach or an assistant of the roster of the team with the `{team}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct TeamReader {
    pub viewer: Viewer,
    pub team: TeamView,
    pub roster: RosterView,
    /// The role on the roster; `None` for an admin without one.
    pub role: Option<RosterRole>,
}

impl TeamReader {
    /// Returns whether the person may change the roster.
    #[must_use]
    pub fn can_manage(&self) -> bool {
        manages(&self.viewer, self.role)
    }

    /// Records the read of an admin who does not coach the roster.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn note(&self, context: &Context) -> Result<(), WebError> {
        note_read(context, &self.viewer, self.role, &self.roster).await
    }
}

/// A coach of the roster of the team with the `{team}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct TeamCoach {
    pub viewer: Viewer,
    pub team: TeamView,
    pub roster: RosterView,
    /// The role on the roster; `None` for an admin without one.
    pub role: Option<RosterRole>,
}

impl TeamCoach {
    /// Records the read of an admin who does not coach the roster.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn note(&self, context: &Context) -> Result<(), WebError> {
        note_read(context, &self.viewer, self.role, &self.roster).await
    }
}

#[derive(Deserialize)]
struct TeamPath {
    team: String,
}

impl FromRequestParts<Context> for TeamReader {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let viewer = proven(parts, "coach")?.clone();
        let Path(TeamPath { team }) = Path::from_request_parts(parts, context).await?;
        let id = Uuid::try_parse(&team).map_err(|_| unknown_team())?;
        let found = reads::team(&context.db, id.into()).await?;
        let team = found.ok_or_else(unknown_team)?;
        let role = role_on(context, &viewer, team.roster_id.into()).await?;
        let role = role.ok_or_else(unknown_team)?;
        let roster = reads::roster(&context.db, team.roster_id.into()).await?;
        Ok(Self { viewer, team, roster: roster.ok_or_else(unknown_team)?, role: role.0 })
    }
}

impl FromRequestParts<Context> for TeamCoach {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let reader = TeamReader::from_request_parts(parts, context).await?;
        if !reader.can_manage() {
            return Err(coach_required().into());
        }
        Ok(Self {
            viewer: reader.viewer,
            team: reader.team,
            roster: reader.roster,
            role: reader.role,
        })
    }
}

/// Returns the error for an unknown team, and for one of other coaches.
pub(crate) fn unknown_team() -> Problem {
    Problem::not_found("Unknown team. See your rosters at /ctf.")
}
