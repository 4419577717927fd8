use askama::Template;
use axum::{extract::State, response::Response};
use identity::{access::SignedIn, model::Role};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Filled, PageError, PageResult, format::Number, redirect, show};

use crate::{
    access::Coach,
    actions,
    model::MilestoneNotices,
    reads::{self, CompetitorView, OwnRoster, RosterView},
};

#[derive(Template)]
#[template(path = "ctf_home.html")]
struct HomePage {
    rosters: Vec<OwnRoster>,
    is_coach: bool,
    can_create: bool,
    /// The notices of achievements that the viewer gets as a coach.
    notices: MilestoneNotices,
    is_suspended: bool,
    is_admin: bool,
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
    let is_admin = viewer.acts_as(Role::Admin);
    show(&HomePage {
        rosters: reads::own_rosters(db, person).await?,
        is_coach: coach.as_ref().is_some_and(|coach| coach.approved),
        can_create: coach.as_ref().map_or(is_admin, |coach| coach.approved),
        notices: coach.as_ref().map(|coach| coach.milestone_notices).unwrap_or_default(),
        is_suspended: coach.is_some_and(|coach| !coach.approved),
        is_admin,
        own,
    })
}

/// The field of the form about notices of achievements.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NoticesFields {
    notices: String,
}

/// `POST /ctf/achievements`: chooses which notices of achievements a coach gets.
pub(super) async fn choose_notices(
    State(context): State<Context>,
    Coach { coach, .. }: Coach,
    Filled(fields, _): Filled<NoticesFields>,
) -> Result<Response, PageError> {
    let notices = MilestoneNotices::named(&fields.notices).unwrap_or_default();
    let chosen = actions::choose_milestone_notices(&context, coach.key(), notices).await;
    chosen.map_err(WebError::from)?;
    Ok(redirect("/ctf", "Your choice is saved"))
}
