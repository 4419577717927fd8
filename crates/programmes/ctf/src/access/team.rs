use axum::{extract::FromRequestParts, http::request::Parts};
use identity::{access::signed_in, model::Viewer};
use kernel::Problem;
use platform::{
    Context,
    web::{Path, WebError},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{coach_required, manages, role_on};
use crate::reads::{self, RosterView, TeamView};

/// A coach or an assistant of the roster of the team with the `{team}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct TeamReader {
    /// The person.
    pub viewer: Viewer,
    /// The team.
    pub team: TeamView,
    /// The team's roster.
    pub roster: RosterView,
    /// True if the person may change the roster.
    pub can_manage: bool,
}

/// A coach of the roster of the team with the `{team}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct TeamCoach {
    /// The person.
    pub viewer: Viewer,
    /// The team.
    pub team: TeamView,
    /// The team's roster.
    pub roster: RosterView,
}

#[derive(Deserialize)]
struct TeamPath {
    team: String,
}

impl FromRequestParts<Context> for TeamReader {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let viewer = signed_in(parts)?.clone();
        let Path(TeamPath { team }) = Path::from_request_parts(parts, context).await?;
        let id = Uuid::try_parse(&team).map_err(|_| unknown_team())?;
        let found = reads::team(&context.db, id.into()).await?;
        let team = found.ok_or_else(unknown_team)?;
        let role = role_on(context, &viewer, team.roster_id.into()).await?;
        let role = role.ok_or_else(unknown_team)?;
        let roster = reads::roster(&context.db, team.roster_id.into()).await?;
        Ok(Self {
            can_manage: manages(&viewer, role.0),
            viewer,
            team,
            roster: roster.ok_or_else(unknown_team)?,
        })
    }
}

impl FromRequestParts<Context> for TeamCoach {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let reader = TeamReader::from_request_parts(parts, context).await?;
        if !reader.can_manage {
            return Err(coach_required().into());
        }
        Ok(Self {
            viewer: reader.viewer,
            team: reader.team,
            roster: reader.roster,
        })
    }
}

/// Returns the error for an unknown team, and for one of other coaches.
pub(crate) fn unknown_team() -> Problem {
    Problem::not_found("Unknown team. See your rosters at /ctf.")
}
