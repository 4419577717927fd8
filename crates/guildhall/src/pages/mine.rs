//! The home page of a signed-in person: what needs their attention, and their points.

use askama::Template;
use axum::http::Extensions;
use identity::model::{Role, Viewer};
use kernel::Month;
use platform::{
    Context,
    module::{Modules, PanelPerson, PanelPlace, PanelRequest, PanelView},
};
use recognition::{
    model::month_board,
    pages::{Goal, RankAndDays, RankView},
    reads::rank,
};
use ui::{
    PageResult,
    charts::{self, Bars},
    format::{self, Number, segment},
    show,
};

#[derive(Template)]
#[template(path = "mine.html")]
struct MinePage {
    login: String,
    address: String,
    /// The login, encoded for URLs.
    encoded: String,
    total: Number,
    rank: Option<RankView>,
    /// True if no leaderboard lists the viewer.
    is_unlisted: bool,
    month: String,
    month_address: String,
    month_points: Number,
    month_rank: Option<RankView>,
    goal: Option<Goal>,
    weeks: Bars,
    /// Sentences about what needs the viewer's attention.
    attention: Vec<String>,
    dead: Number,
    panels: Vec<PanelView>,
}

/// Shows the home page of `viewer`.
pub(super) async fn page(
    context: &Context,
    modules: Modules,
    extensions: Extensions,
    viewer: &Viewer,
) -> PageResult {
    let db = &context.db;
    let month = Month::of(context.now());
    let today = context.now().date_naive();
    let since = charts::first_week(today).and_time(chrono::NaiveTime::MIN);
    let own = RankAndDays::read(context, viewer.user_id, since.and_utc()).await?;
    let this_month = rank(db, &month_board(month), viewer.user_id).await?;
    let dead = match viewer.role {
        Role::Admin => github::reads::dead(db).await?,
        _ => 0,
    };
    let request = PanelRequest {
        person: Some(PanelPerson { id: viewer.user_id.into(), login: viewer.login.clone() }),
        extensions,
        ..PanelRequest::default()
    };
    let panels = modules.panels(context, PanelPlace::Home, &request).await?;
    show(&MinePage {
        address: format!("/people/{}", segment(&viewer.login)),
        encoded: segment(&viewer.login),
        login: viewer.login.clone(),
        total: Number(own.points(context, viewer.user_id).await?),
        rank: own.position().map(RankView::of),
        is_unlisted: own.is_unlisted,
        month: format::month(month),
        month_address: format!("/leaderboards/months/{month}"),
        month_points: Number(own.points_in(month, this_month.as_ref())),
        month_rank: this_month.as_ref().map(RankView::of),
        goal: own.goal(context).await?,
        weeks: Bars::by_week(&own.days, today),
        attention: panels.iter().filter_map(|panel| panel.attention.clone()).collect(),
        dead: Number(dead),
        panels,
    })
}
