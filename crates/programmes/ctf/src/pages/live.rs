//! Live updates of the pages of a roster and of a report card, for those who may see them.

use axum::{Router, response::Response, routing::get};
use futures_util::future::BoxFuture;
use identity::model::Viewer;
use platform::{
    Context,
    db::DbError,
    live::{Listener, LiveSubject},
    web::WebError,
};

use crate::{
    access::{CompetitorReader, OwnCompetitor, RosterReader, may_read},
    model::{CompetitorId, RosterId},
    reads,
};

/// The solves of a roster and the progress of its sync, for a coach.
struct RosterChannel {
    roster: RosterId,
    viewer: Viewer,
}

impl LiveSubject for RosterChannel {
    fn name(&self) -> String {
        format!("ctf roster {}", self.roster)
    }

    fn mark<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<String, DbError>> {
        Box::pin(reads::roster_mark(&context.db, self.roster))
    }

    fn may_listen<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<bool, DbError>> {
        Box::pin(may_read(context, &self.viewer, self.roster))
    }
}

/// The solves of a competitor, for a coach or for themselves.
struct CompetitorChannel {
    competitor: CompetitorId,
    viewer: Viewer,
}

impl LiveSubject for CompetitorChannel {
    fn name(&self) -> String {
        format!("ctf competitor {}", self.competitor)
    }

    fn mark<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<String, DbError>> {
        Box::pin(reads::competitor_mark(&context.db, self.competitor))
    }

    fn may_listen<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<bool, DbError>> {
        Box::pin(async {
            let found = reads::competitor(&context.db, self.competitor).await?;
            match found {
                Some(found) if found.user_id == Some(self.viewer.user_id.0) => Ok(true),
                Some(found) => may_read(context, &self.viewer, found.roster()).await,
                None => Ok(false),
            }
        })
    }
}

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/ctf/competitors/{competitor}/events", get(of_competitor))
        .route("/ctf/me/report/events", get(own))
        .route("/ctf/rosters/{roster}/events", get(of_roster))
}

/// `GET /ctf/rosters/{roster}/events`.
async fn of_roster(
    RosterReader { viewer, roster, .. }: RosterReader,
    listener: Listener,
) -> Result<Response, WebError> {
    let roster = roster.key();
    listener.listen(RosterChannel { roster, viewer }).await
}

/// `GET /ctf/competitors/{competitor}/events`.
async fn of_competitor(
    CompetitorReader { viewer, competitor, .. }: CompetitorReader,
    listener: Listener,
) -> Result<Response, WebError> {
    let competitor = competitor.key();
    listener.listen(CompetitorChannel { competitor, viewer }).await
}

/// `GET /ctf/me/report/events`.
async fn own(
    OwnCompetitor { viewer, competitor, .. }: OwnCompetitor,
    listener: Listener,
) -> Result<Response, WebError> {
    let competitor = competitor.key();
    listener.listen(CompetitorChannel { competitor, viewer }).await
}
