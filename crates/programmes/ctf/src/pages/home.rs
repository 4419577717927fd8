use askama::Template;
use axum::extract::State;
use identity::{access::SignedIn, model::Role};
use platform::Context;
use ui::{PageResult, format::Number, show};

use crate::reads::{self, CompetitorView, OwnRoster, RosterView};

#[derive(Template)]
#[template(path = "ctf_home.html")]
struct HomePage {
    rosters: Vec<OwnRoster>,
    is_coach: bool,
    is_suspended: bool,
    is_admin: bool,
    /// The viewer as a competitor, with their roster.
    own: Option<(CompetitorView, RosterView)>,
}

/// `GET /ctf`.
pub(super) async fn page(State(context): State<Context>, SignedIn(viewer): SignedIn) -> PageResult {
    let (db, person) = (&context.db, viewer.user_id);
    let coach = reads::coach_of(db, person).await?;
    let competitor = reads::competitor_of(db, person).await?;
    let competitor = competitor.filter(|own| own.erased_at.is_none() && own.left_at.is_none());
    let own = match competitor {
        Some(competitor) => {
            let roster = reads::roster(db, competitor.roster()).await?;
            roster.map(|roster| (competitor, roster))
        }
        None => None,
    };
    show(&HomePage {
        rosters: reads::own_rosters(db, person).await?,
        is_coach: coach.as_ref().is_some_and(|coach| coach.approved),
        is_suspended: coach.is_some_and(|coach| !coach.approved),
        is_admin: viewer.acts_as(Role::Admin),
        own,
    })
}
