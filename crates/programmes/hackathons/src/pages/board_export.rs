//! The exports of the board of the viewer's team to other services.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use platform::{ActionError, Context, web::WebError};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, format::Instant, redirect, show};

use super::{HackathonCard, LocalNow};
use crate::{
    access::{ExportTarget, Insider, no_team},
    actions,
    model::BoardService,
    reads::{self, ExportView, HackathonView},
    rules::board_exports::{BOARD, ConnectionInput, KEY},
};

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/hackathons/{slug}/board/export", get(page))
        .route("/hackathons/{slug}/board/export/{service}", post(connect))
        .route("/hackathons/{slug}/board/export/{service}/run", post(run))
        .route("/hackathons/{slug}/board/export/{service}/disconnect", post(end))
}

/// A service with the connection of the team and the form for a new one, whose fields have names of their own.
struct ServiceCard {
    service: BoardService,
    export: Option<ExportView>,
    form: Form,
}

/// Returns the names of the fields for the key, the token and the board in the form of a service.
const fn names(service: BoardService) -> [&'static str; 3] {
    match service {
        BoardService::Trello => ["trello_key", "trello_token", "trello_board"],
        BoardService::Notion => ["notion_key", "notion_token", "notion_board"],
    }
}

impl ServiceCard {
    /// Returns the names of the fields of its form.
    const fn names(&self) -> [&'static str; 3] {
        names(self.service)
    }

    /// Returns whether connections with this service have a key besides the token.
    const fn has_key(&self) -> bool {
        matches!(self.service, BoardService::Trello)
    }
}

#[derive(Template)]
#[template(path = "hackathon_board_export.html")]
struct ExportPage {
    card: HackathonCard,
    services: Vec<ServiceCard>,
    /// True if the viewer leads the team, alone or with others.
    manages: bool,
    now: LocalNow,
}

/// `GET /hackathons/{slug}/board/export`.
async fn page(State(context): State<Context>, insider: Insider) -> PageResult {
    render(&context, &insider, None).await
}

/// Shows the page. `refused` is the form of a service that was refused.
async fn render(
    context: &Context,
    insider: &Insider,
    refused: Option<(BoardService, Form)>,
) -> PageResult {
    let (db, person) = (&context.db, insider.viewer.user_id);
    let own = reads::team_of(db, insider.hackathon.key(), person).await?;
    let (team, role) = own.ok_or_else(|| WebError::from(no_team()))?;
    let mut exports = reads::board_exports(db, team.key()).await?;
    let services = BoardService::ALL.iter().map(|service| {
        let own = exports.iter().position(|it| it.service == *service);
        let form = refused.as_ref().filter(|(own, _)| own == service);
        ServiceCard {
            service: *service,
            export: own.map(|own| exports.remove(own)),
            form: form.map_or_else(Form::default, |(_, form)| form.clone()),
        }
    });
    show(&ExportPage {
        services: services.collect(),
        card: HackathonCard::of(&insider.hackathon, context.now()),
        manages: role.manages(),
        now: LocalNow(context.now(), insider.hackathon.zone()),
    })
}

fn address(hackathon: &HackathonView) -> String {
    format!("{}/board/export", hackathon.address())
}

/// The fields of the forms. A form has those of its service.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct ExportFields {
    #[serde(alias = "trello_key", alias = "notion_key")]
    key: String,
    #[serde(alias = "trello_token", alias = "notion_token")]
    token: String,
    #[serde(alias = "trello_board", alias = "notion_board")]
    board: String,
}

/// Names the refused field as the form of a service does.
fn named(mut error: ActionError, service: BoardService) -> ActionError {
    if let ActionError::Refused(problem) = &mut error {
        let [key, token, board] = names(service);
        problem.field = problem.field.map(|field| match field {
            "key" => key,
            "token" => token,
            _ => board,
        });
    }
    error
}

/// `POST /hackathons/{slug}/board/export/{service}`: connects a board.
async fn connect(
    State(context): State<Context>,
    target: ExportTarget,
    Filled(fields, form): Filled<ExportFields>,
) -> Result<Response, PageError> {
    let input = ConnectionInput { key: fields.key, token: fields.token, board: fields.board };
    let (person, slug, service) = target.parts();
    match actions::connect_board(&context, person, slug, service, &input).await {
        Ok(_) => Ok(redirect(
            &address(&target.insider.hackathon),
            "The board is connected. Export it when you like",
        )),
        Err(error) => {
            let again = |form| render(&context, &target.insider, Some((service, form)));
            form.refused(named(error, service), again).await
        }
    }
}

/// `POST /hackathons/{slug}/board/export/{service}/run`: requests an export.
async fn run(State(context): State<Context>, target: ExportTarget) -> Result<Response, PageError> {
    let (person, slug, service) = target.parts();
    let requested = actions::export_board(&context, person, slug, service).await;
    requested.map_err(WebError::from)?;
    let said = "The export begins. Reload the page to see its result";
    Ok(redirect(&address(&target.insider.hackathon), said))
}

/// `POST /hackathons/{slug}/board/export/{service}/disconnect`: deletes the connection.
async fn end(State(context): State<Context>, target: ExportTarget) -> Result<Response, PageError> {
    let (person, slug, service) = target.parts();
    let ended = actions::disconnect_board(&context, person, slug, service).await;
    ended.map_err(WebError::from)?;
    let said = "The board is disconnected, and the credentials are deleted";
    Ok(redirect(&address(&target.insider.hackathon), said))
}
