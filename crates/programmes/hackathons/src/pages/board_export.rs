//! The export of the board of the viewer's team to Trello.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, format::Instant, redirect, show};

use super::HackathonCard;
use crate::{
    access::{Insider, no_team},
    actions,
    reads::{self, ExportView, HackathonView},
    rules::trello::{BOARD, ConnectionInput, KEY},
};

/// Returns the routes.
pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/hackathons/{slug}/board/export", get(page).post(connect))
        .route("/hackathons/{slug}/board/export/run", post(run))
        .route("/hackathons/{slug}/board/export/disconnect", post(end))
}

#[derive(Template)]
#[template(path = "hackathon_board_export.html")]
struct ExportPage {
    card: HackathonCard,
    export: Option<ExportView>,
    /// True if the viewer leads the team, alone or with others.
    manages: bool,
    form: Form,
    now: Instant,
}

/// `GET /hackathons/{slug}/board/export`.
async fn page(State(context): State<Context>, insider: Insider) -> PageResult {
    render(&context, &insider, Form::default()).await
}

async fn render(context: &Context, insider: &Insider, form: Form) -> PageResult {
    let (db, person) = (&context.db, insider.viewer.user_id);
    let own = reads::team_of(db, insider.hackathon.key(), person).await?;
    let (team, role) = own.ok_or_else(|| WebError::from(no_team()))?;
    show(&ExportPage {
        card: HackathonCard::of(&insider.hackathon, context.now()),
        export: reads::board_export(db, team.key()).await?,
        manages: role.manages(),
        // The credentials are not shown again, even if they were refused.
        form: form.with("key", "").with("token", ""),
        now: Instant(context.now()),
    })
}

fn address(hackathon: &HackathonView) -> String {
    format!("{}/board/export", hackathon.address())
}

/// The fields of the form.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct ExportFields {
    key: String,
    token: String,
    board: String,
}

/// `POST /hackathons/{slug}/board/export`: connects a board.
async fn connect(
    State(context): State<Context>,
    insider: Insider,
    Filled(fields, form): Filled<ExportFields>,
) -> Result<Response, PageError> {
    let input = ConnectionInput {
        key: fields.key,
        token: fields.token,
        board: fields.board,
    };
    let (person, hackathon) = (insider.viewer.user_id, &insider.hackathon);
    match actions::connect_board(&context, person, &hackathon.slug, &input).await {
        Ok(_) => Ok(redirect(
            &address(hackathon),
            "The board is connected. Export it when you like",
        )),
        Err(error) => {
            let again = |form| render(&context, &insider, form);
            form.refused(error, again).await
        }
    }
}

/// `POST /hackathons/{slug}/board/export/run`: requests an export.
async fn run(State(context): State<Context>, insider: Insider) -> Result<Response, PageError> {
    let (person, hackathon) = (insider.viewer.user_id, &insider.hackathon);
    let requested = actions::export_board(&context, person, &hackathon.slug).await;
    requested.map_err(WebError::from)?;
    let said = "The export begins. Reload the page to see its result";
    Ok(redirect(&address(hackathon), said))
}

/// `POST /hackathons/{slug}/board/export/disconnect`: deletes the connection.
async fn end(State(context): State<Context>, insider: Insider) -> Result<Response, PageError> {
    let (person, hackathon) = (insider.viewer.user_id, &insider.hackathon);
    let ended = actions::disconnect_board(&context, person, &hackathon.slug).await;
    ended.map_err(WebError::from)?;
    let said = "The board is disconnected, and the key and token are deleted";
    Ok(redirect(&address(hackathon), said))
}
