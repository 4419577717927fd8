//! The home page of a signed-in person: what needs their attention, and their points.

use askama::Template;
use identity::model::{Role, Viewer};
use kernel::Month;
use platform::{
    Context,
    module::{Modules, PanelPerson, PanelPlace, PanelRequest, PanelView},
};
use recognition::{
    model::{GLOBAL, month_board},
    reads::rank,
};
use ui::{
    PageResult,
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
    rank: Option<Rank>,
    month: String,
    month_address: String,
    month_points: Number,
    month_rank: Option<Rank>,
    /// Sentences about what needs the viewer's attention.
    attention: Vec<String>,
    dead: Number,
    panels: Vec<PanelView>,
}

struct Rank {
    rank: Number,
    is_tied: bool,
    people: String,
}

impl Rank {
    fn of(position: &recognition::model::RankPosition) -> Self {
        Self {
            rank: Number(position.rank),
            is_tied: position.tied_people > 1,
            people: Number(position.people).of("person", "people"),
        }
    }
}

/// Shows the home page of `viewer`.
pub(super) async fn page(context: &Context, modules: Modules, viewer: &Viewer) -> PageResult {
    let db = &context.db;
    let month = Month::of(context.now());
    let all_time = rank(db, GLOBAL, viewer.user_id).await?;
    let this_month = rank(db, &month_board(month), viewer.user_id).await?;
    let dead = match viewer.role {
        Role::Admin => github::reads::dead(db).await?,
        _ => 0,
    };
    let request = PanelRequest {
        person: Some(PanelPerson {
            id: viewer.user_id.into(),
            login: viewer.login.clone(),
        }),
        ..PanelRequest::default()
    };
    let panels = modules.panels(context, PanelPlace::Home, &request).await?;
    let points = |position: &Option<recognition::model::RankPosition>| {
        Number(position.as_ref().map_or(0, |position| position.points))
    };
    show(&MinePage {
        address: format!("/people/{}", segment(&viewer.login)),
        encoded: segment(&viewer.login),
        login: viewer.login.clone(),
        total: points(&all_time),
        rank: all_time.as_ref().map(Rank::of),
        month: format::month(month),
        month_address: format!("/leaderboards/months/{month}"),
        month_points: points(&this_month),
        month_rank: this_month.as_ref().map(Rank::of),
        attention: panels
            .iter()
            .filter_map(|panel| panel.attention.clone())
            .collect(),
        dead: Number(dead),
        panels,
    })
}
