use axum::{extract::FromRequestParts, http::request::Parts};
use identity::{access::signed_in, model::UserId};
use kernel::Problem;
use platform::{
    Context,
    web::{Path, WebError},
};
use serde::Deserialize;

use super::{Insider, SeenHackathon, unknown_team};
use crate::{
    model::BoardService,
    reads::{self, HackathonView, TeamView},
};

/// The board of the team with the `{team}` of the path, for its members, organizers of the hackathon and admins. Everyone else
/// does not learn that the team exists.
#[derive(Clone, Debug)]
pub struct ReadBoard {
    pub hackathon: HackathonView,
    pub team: TeamView,
}

#[derive(Deserialize)]
struct TeamPath {
    team: String,
}

impl FromRequestParts<Context> for ReadBoard {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let person = signed_in(parts)?.user_id;
        let seen = SeenHackathon::from_request_parts(parts, context).await?;
        let Path(TeamPath { team }) = Path::from_request_parts(parts, context).await?;
        let (db, id) = (&context.db, seen.hackathon.key());
        let found = reads::team_with_slug(db, id, &team).await?;
        let team = found.ok_or_else(unknown_team)?;
        let own = reads::team_of(db, id, person).await?;
        if seen.organizes() || own.is_some_and(|(own, _)| own.id == team.id) {
            Ok(Self { hackathon: seen.hackathon, team })
        } else {
            Err(unknown_team().into())
        }
    }
}

/// A person who takes part in the hackathon with the `{slug}` of the path or is in its staff, or an admin, with the `{service}` of the
/// path, to which the board of their team is exported.
#[derive(Clone, Debug)]
pub struct ExportTarget {
    /// The person in the hackathon.
    pub insider: Insider,
    pub service: BoardService,
}

impl ExportTarget {
    /// Returns the person, the slug of the hackathon and the service, as actions take them.
    #[must_use]
    pub fn parts(&self) -> (UserId, &str, BoardService) {
        let Insider { viewer, hackathon, .. } = &self.insider;
        (viewer.user_id, &hackathon.slug, self.service)
    }
}

#[derive(Deserialize)]
struct ServicePath {
    service: String,
}

impl FromRequestParts<Context> for ExportTarget {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let insider = Insider::from_request_parts(parts, context).await?;
        let Path(ServicePath { service }) = Path::from_request_parts(parts, context).await?;
        let known = BoardService::named(&service).ok_or_else(unknown_service)?;
        Ok(Self { insider, service: known })
    }
}

fn unknown_service() -> Problem {
    Problem::not_found("Unknown service. Boards are exported to `trello` and `notion`.")
}
