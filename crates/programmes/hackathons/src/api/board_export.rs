//! The connections of the board of your team with other services, and its exports.

use axum::{Json, extract::State, http::StatusCode};
use kernel::Timestamp;
use platform::{
    Context,
    web::{All, Body, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    access::{ExportTarget, Insider, no_team},
    actions,
    model::BoardService,
    reads::{self, ExportView, TeamView},
    rules::board_exports::ConnectionInput,
};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default().routes(routes!(list)).routes(routes!(get, connect, disconnect, export))
}

/// The connection of the board of your team with a service, and its last export. It never contains the credentials.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "service": "trello", "is_connected": true, "board": "nC8QJJoZ", "connected_by": "ada-lovelace", "is_waiting": false,
    "result": "3 cards added, 0 changed, 1 archived.", "error": null, "exported_at": "2026-11-15T10:12:00Z"
}))]
struct BoardExport {
    /// The service: `trello` or `notion`.
    service: &'static str,
    /// True if the board is connected.
    is_connected: bool,
    /// The ID of the board on Trello, or of the database in Notion. Null if it is not connected.
    board: Option<String>,
    /// The login of the person who connected it. Null if it is not connected.
    connected_by: Option<String>,
    /// True while an export waits or runs.
    is_waiting: bool,
    /// The result of the last export. Null before the first.
    result: Option<String>,
    /// The reason why the last attempt failed. Null if it did not.
    error: Option<String>,
    /// When the last export ended. Null before the first.
    #[schema(value_type = Option<String>, format = DateTime)]
    exported_at: Option<Timestamp>,
}

impl BoardExport {
    fn of(service: BoardService, export: Option<&ExportView>) -> Self {
        Self {
            service: service.as_str(),
            is_connected: export.is_some(),
            board: export.map(|it| it.board.clone()),
            connected_by: export.and_then(|it| it.connected_by.clone()),
            is_waiting: export.is_some_and(|it| it.due_at.is_some()),
            result: export.and_then(|it| it.outcome.clone()),
            error: export.and_then(|it| it.last_error.clone()),
            exported_at: export.and_then(|it| it.completed_at),
        }
    }
}

impl From<&ExportView> for BoardExport {
    fn from(export: &ExportView) -> Self {
        Self::of(export.service, Some(export))
    }
}

async fn own_team(context: &Context, insider: &Insider) -> Result<TeamView, WebError> {
    let (hackathon, person) = (insider.hackathon.key(), insider.viewer.user_id);
    let own = reads::team_of(&context.db, hackathon, person).await?;
    let (team, _) = own.ok_or_else(no_team)?;
    Ok(team)
}

/// Lists the connections of the board of your team with Trello and Notion, with the results of its last exports.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathons/{slug}/team/exports",
    operation_id = "list_board_exports",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The connections", body = All<BoardExport>),
        (status = 409, description = "You have no team")
    ),
    security(("session" = ["participant"]), ("bearer" = ["read"]))
)]
async fn list(
    State(context): State<Context>,
    insider: Insider,
) -> Result<Json<All<BoardExport>>, WebError> {
    let team = own_team(&context, &insider).await?;
    let found = reads::board_exports(&context.db, team.key()).await?;
    let items = BoardService::ALL.iter().map(|service| {
        let own = found.iter().find(|it| it.service == *service);
        BoardExport::of(*service, own)
    });
    Ok(Json(All::of(items)))
}

/// Returns the connection of the board of your team with a service, with the result of its last export.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathons/{slug}/team/exports/{service}",
    operation_id = "get_board_export",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The connection", body = BoardExport),
        (status = 409, description = "You have no team")
    ),
    security(("session" = ["participant"]), ("bearer" = ["read"]))
)]
async fn get(
    State(context): State<Context>,
    target: ExportTarget,
) -> Result<Json<BoardExport>, WebError> {
    let team = own_team(&context, &target.insider).await?;
    let export = reads::board_export(&context.db, team.key(), target.service).await?;
    Ok(Json(BoardExport::of(target.service, export.as_ref())))
}

/// A connection with a board on Trello or a database in Notion.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "key": "abc123", "token": "ATTAabc123", "board": "https://trello.com/b/nC8QJJoZ/harbor" }))]
struct BoardConnection {
    /// The API key on Trello, which is encrypted and never shown again. Leave it out for Notion.
    #[serde(default)]
    #[schema(max_length = 300)]
    key: String,
    /// The token for the key on Trello, or of the integration in Notion, which is encrypted and never shown again.
    #[schema(min_length = 1, max_length = 300)]
    token: String,
    /// The ID of the board on Trello or of the database in Notion, or its address.
    #[schema(min_length = 1, max_length = 300)]
    board: String,
}

/// Connects the board of your team with a board on Trello or a database in Notion, instead of a former connection with this service, if
/// you are its leader or a co-leader. The credentials are deleted when you disconnect it or leave the team, and with the data of the
/// hackathon.
#[utoipa::path(
    put,
    path = "/api/v1/me/hackathons/{slug}/team/exports/{service}",
    operation_id = "connect_board",
    tag = "Hackathons",
    request_body = BoardConnection,
    responses(
        (status = 200, description = "The connection", body = BoardExport),
        (status = 409, description = "You have no team, or the hackathon is over"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = ["leader"]), ("bearer" = ["write"]))
)]
async fn connect(
    State(context): State<Context>,
    target: ExportTarget,
    Body(body): Body<BoardConnection>,
) -> Result<Json<BoardExport>, WebError> {
    let input = ConnectionInput { key: body.key, token: body.token, board: body.board };
    let (person, slug, service) = target.parts();
    let connected = actions::connect_board(&context, person, slug, service, &input).await?;
    Ok(Json((&connected).into()))
}

/// Disconnects the board of your team from a service and deletes the credentials. Cards there stay.
#[utoipa::path(
    delete,
    path = "/api/v1/me/hackathons/{slug}/team/exports/{service}",
    operation_id = "disconnect_board",
    tag = "Hackathons",
    responses(
        (status = 204, description = "The board is not connected"),
        (status = 409, description = "You have no team")
    ),
    security(("session" = ["leader"]), ("bearer" = ["write"]))
)]
async fn disconnect(
    State(context): State<Context>,
    target: ExportTarget,
) -> Result<StatusCode, WebError> {
    let (person, slug, service) = target.parts();
    actions::disconnect_board(&context, person, slug, service).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Requests an export of the board of your team to a service. It runs in the background; repeating it creates no card twice.
#[utoipa::path(
    post,
    path = "/api/v1/me/hackathons/{slug}/team/exports/{service}",
    operation_id = "export_board",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The connection, with the export that waits", body = BoardExport),
        (status = 409, description = "You have no team, its board is not connected, or the hackathon is over")
    ),
    security(("session" = ["leader"]), ("bearer" = ["write"]))
)]
async fn export(
    State(context): State<Context>,
    target: ExportTarget,
) -> Result<Json<BoardExport>, WebError> {
    let (person, slug, service) = target.parts();
    let export = actions::export_board(&context, person, slug, service).await?;
    Ok(Json((&export).into()))
}
