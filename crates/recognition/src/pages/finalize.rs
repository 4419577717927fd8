//! The part of a month's leaderboard that only admins see, and the page that asks before a month becomes final.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::{
    access::{Admin, MaybePerson},
    model::Role,
};
use kernel::Month;
use platform::{
    Context,
    module::{Panel, PanelPlace, PanelRequest, PanelView},
    web::WebError,
};
use ui::{
    Address, Confirmation, PageError, PageResult,
    format::{self, Instant},
    html, redirect, show,
};

use crate::{
    Programmes,
    access::{Leaderboard, MonthOf, month_of},
    actions::{finalize_month, month_closes_at},
    reads,
};

/// The panel of months that are not final.
pub(super) const PANEL: Panel = Panel {
    place: PanelPlace::OwnPart,
    order: 12,
    render: |context, request| Box::pin(own_part(context, request)),
};

#[derive(Template)]
#[template(path = "finalize_month.html")]
struct FinalizePanel {
    /// The path of the leaderboard.
    address: String,
    month: String,
    closes: Instant,
    /// True if the month can be final now.
    is_permitted: bool,
}

async fn own_part(
    context: &Context,
    request: &PanelRequest,
) -> Result<Option<PanelView>, WebError> {
    let Some(month) = month_at(&request.path) else {
        return Ok(None);
    };
    let MaybePerson(viewer) = MaybePerson::of(&request.extensions);
    let is_admin = viewer.is_some_and(|viewer| viewer.acts_as(Role::Admin));
    if !is_admin || !reads::is_open_month(&context.db, month).await? {
        return Ok(None);
    }
    let programmes = request.extensions.get().copied().unwrap_or_default();
    let closes_at = month_closes_at(context, programmes, month).await?;
    let panel = FinalizePanel {
        address: address(month),
        month: format::month(month),
        closes: Instant(closes_at),
        is_permitted: closes_at <= context.now(),
    };
    Ok(Some(PanelView { html: html(&panel)?, ..PanelView::default() }))
}

/// Returns the month whose leaderboard of everyone has a path.
fn month_at(path: &str) -> Option<Month> {
    path.strip_prefix("/leaderboards/months/")?.parse().ok()
}

fn address(month: Month) -> String {
    Leaderboard::default().at(Some(month)).address()
}

/// `GET /leaderboards/months/{month}/finalize`: asks before a month becomes final.
pub(super) async fn ask(
    State(context): State<Context>,
    _: Admin,
    Address(MonthOf { month }): Address<MonthOf>,
) -> PageResult {
    let month = month_of(&context, &month).await?;
    let address = address(month);
    show(&Confirmation {
        question: format!("Make {} final?", format::month(month)),
        consequence: "The ranks of this month stay as they are now, on the leaderboard of everyone and on those of projects. Corrections that come later change points, but not these ranks; they are listed below them. This cannot be undone.".to_owned(),
        facts: Vec::new(),
        action: format!("{address}/finalize"),
        fields: Vec::new(),
        button: "Make final".to_owned(),
        is_ending: false,
        back: address,
    })
}

/// `POST /leaderboards/months/{month}/finalize`.
pub(super) async fn finalize(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Admin(viewer): Admin,
    Address(MonthOf { month }): Address<MonthOf>,
) -> Result<Response, PageError> {
    let month = month_of(&context, &month).await?;
    let is_new = finalize_month(&context, programmes, viewer.actor(), month).await?;
    let name = format::month(month);
    let said =
        if is_new { format!("{name} is final") } else { format!("{name} was final already") };
    Ok(redirect(&address(month), &said))
}
