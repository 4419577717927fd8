//! The final results of a person in seasons, on their profile.

use askama::Template;
use platform::{
    Context,
    module::{PanelRequest, PanelView},
};
use ui::{
    Pic,
    format::{Number, segment},
    html,
};

use super::rendered::Rendered;
use crate::reads::{self, OwnSeason};

struct Row {
    mark: Pic,
    address: String,
    name: String,
    rank: Number,
    people: Number,
    merged: Number,
    has_reached_goal: bool,
}

impl From<OwnSeason> for Row {
    fn from(season: OwnSeason) -> Self {
        Self {
            mark: Pic::arms("season", &season.slug, None),
            address: format!("/seasons/{}", segment(&season.slug)),
            name: season.name,
            rank: Number(season.rank),
            people: Number(season.people),
            merged: Number(season.merged),
            has_reached_goal: season.has_reached_goal,
        }
    }
}

#[derive(Template)]
#[template(path = "panel_own_seasons.html")]
struct SeasonsPanel {
    rows: Vec<Row>,
}

/// Shows the seasons that a person finished; nothing for who has none, or is on no leaderboard by choice.
pub(super) async fn panel(context: &Context, request: &PanelRequest) -> Rendered {
    let Some(person) = request.person.as_ref().filter(|_| !request.hides("results")) else {
        return Ok(None);
    };
    let found = reads::own_seasons(&context.db, person.id.into()).await?;
    if found.is_empty() || recognition::reads::has_opted_out(&context.db, person.id.into()).await? {
        return Ok(None);
    }
    let panel = SeasonsPanel { rows: found.into_iter().map(Into::into).collect() };
    Ok(Some(PanelView { html: html(&panel)?, is_aside: true, ..PanelView::default() }))
}
