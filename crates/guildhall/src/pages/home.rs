use askama::Template;
use axum::{Extension, extract::State};
use identity::access::MaybePerson;
use platform::{
    Context,
    module::{Modules, PanelPlace, PanelRequest, PanelView},
};
use recognition::{model::GLOBAL, pages::Board};
use ui::{PageResult, show};

use super::mine;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    board: Board,
    panels: Vec<PanelView>,
}

/// `GET /`: the leaderboard and the modules' panels for visitors; the viewer's own points and tasks after signing in.
pub(super) async fn home(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
    MaybePerson(viewer): MaybePerson,
) -> PageResult {
    if let Some(viewer) = viewer {
        return mine::page(&context, modules, &viewer).await;
    }
    let request = PanelRequest::default();
    show(&HomePage {
        board: Board::first(&context, GLOBAL, 10).await?,
        panels: modules
            .panels(&context, PanelPlace::Welcome, &request)
            .await?,
    })
}
