use axum::{extract::FromRequestParts, http::request::Parts};
use identity::access::signed_in;
use platform::{
    Context,
    web::{Path, WebError},
};
use serde::Deserialize;

use super::{SeenHackathon, unknown_team};
use crate::reads::{self, HackathonView, TeamView};

/// The board of the team with the `{team}` of the path, for its members, organizers of the hackathon and admins. Everyone else
/// does not learn that the team exists.
#[derive(Clone, Debug)]
pub struct ReadBoard {
    /// The hackathon.
    pub hackathon: HackathonView,
    /// The team.
    pub team: TeamView,
}

#[derive(Deserialize)]
struct Team {
    team: String,
}

impl FromRequestParts<Context> for ReadBoard {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let person = signed_in(parts)?.user_id;
        let seen = SeenHackathon::from_request_parts(parts, context).await?;
        let Path(Team { team }) = Path::from_request_parts(parts, context).await?;
        let (db, id) = (&context.db, seen.hackathon.key());
        let found = reads::team_with_slug(db, id, &team).await?;
        let team = found.ok_or_else(unknown_team)?;
        let own = reads::team_of(db, id, person).await?;
        match seen.organizes() || own.is_some_and(|(own, _)| own.id == team.id) {
            true => Ok(Self {
                hackathon: seen.hackathon,
                team,
            }),
            false => Err(unknown_team().into()),
        }
    }
}
