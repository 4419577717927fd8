use askama::Template;
use axum::{Extension, extract::State, http::Extensions};
use identity::access::MaybePerson;
use kernel::Month;
use platform::{
    Context,
    module::{Modules, PanelPlace, PanelRequest, PanelView},
};
use recognition::{
    model::{GLOBAL, month_board},
    pages::Board,
    reads::{self, Start},
};
use ui::{
    Community, PageResult,
    format::{self, Number},
    show,
};

use super::today;

/// The number of people on the board.
const TOP: i64 = 10;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    community: Community,
    /// The number of people with points.
    people: Number,
    board: Board,
    /// The current month, if someone has points in it; otherwise the board is that of all time.
    month: Option<MonthLink>,
    panels: Vec<PanelView>,
}

struct MonthLink {
    name: String,
    address: String,
}

/// `GET /`: the community, how to take part, this month's top and the modules' panels for visitors; the viewer's own
/// points and tasks after signing in.
pub(super) async fn home(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
    extensions: Extensions,
    MaybePerson(viewer): MaybePerson,
) -> PageResult {
    if let Some(viewer) = viewer {
        return today::page(&context, modules, extensions, &viewer).await;
    }
    let db = &context.db;
    let now = Month::of(context.now());
    let this_month = reads::page(db, &month_board(now), Start::Top, TOP).await?;
    let all_time = reads::page(db, GLOBAL, Start::Top, TOP).await?;
    let is_active = !this_month.rows.is_empty();
    let shown = if is_active { &this_month } else { &all_time };
    let people = shown.rows.iter().map(|row| row.user_id);
    let logins = identity::reads::logins(db, people).await?;
    let request = PanelRequest::default();
    show(&HomePage {
        community: ui::frame::community(),
        people: Number(all_time.people),
        board: Board::of(shown, &logins, true),
        month: is_active.then(|| MonthLink {
            name: format::month(now),
            address: format!("/leaderboards/months/{now}"),
        }),
        panels: modules.panels(&context, PanelPlace::Welcome, &request).await?,
    })
}
