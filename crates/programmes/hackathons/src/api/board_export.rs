//! The connection of the board of your team to Trello, and its exports.

use axum::{Json, extract::State, http::StatusCode};
use kernel::Timestamp;
use platform::{
    Context,
    web::{Body, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    access::{Insider, no_team},
    actions,
    reads::{self, ExportView},
    rules::trello::ConnectionInput,
};

/// Returns the routes.
pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default().routes(routes!(get, connect, disconnect, export))
}

/// The connection of the board of your team, and its last export. It never contains the credentials.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "is_connected": true, "board": "nC8QJJoZ", "connected_by": "ada-lovelace", "is_waiting": false,
    "result": "3 cards added, 0 changed, 1 archived.", "error": null, "exported_at": "2026-11-15T10:12:00Z"
}))]
struct BoardExport {
    /// True if the board is connected.
    is_connected: bool,
    /// The ID of the board at Trello. Null if it is not connected.
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

impl From<Option<ExportView>> for BoardExport {
    fn from(export: Option<ExportView>) -> Self {
        Self {
            is_connected: export.is_some(),
            board: export.as_ref().map(|it| it.board.clone()),
            connected_by: export.as_ref().and_then(|it| it.connected_by.clone()),
            is_waiting: export.as_ref().is_some_and(|it| it.due_at.is_some()),
            result: export.as_ref().and_then(|it| it.outcome.clone()),
            error: export.as_ref().and_then(|it| it.last_error.clone()),
            exported_at: export.and_then(|it| it.completed_at),
        }
    }
}

/// Returns the connection of the board of your team to Trello, with the result of its last export.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathons/{slug}/team/export",
    operation_id = "get_board_export",
    tag = "Hackathons",
    params(("slug" = String, Path, description = "The hackathon's slug", example = "low-tide")),
    responses(
        (status = 200, description = "The connection", body = BoardExport),
        (status = 400, description = "The path is malformed"),
        (status = 403, description = "You do not take part"),
        (status = 404, description = "No hackathon that you may see has this slug"),
        (status = 409, description = "You have no team")
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
async fn get(
    State(context): State<Context>,
    Insider {
        viewer, hackathon, ..
    }: Insider,
) -> Result<Json<BoardExport>, WebError> {
    let db = &context.db;
    let own = reads::team_of(db, hackathon.key(), viewer.user_id).await?;
    let (team, _) = own.ok_or_else(no_team)?;
    let export = reads::board_export(db, team.key()).await?;
    Ok(Json(export.into()))
}

/// A connection to a board at Trello.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "key": "abc123", "token": "ATTAabc123", "board": "https://trello.com/b/nC8QJJoZ/harbor" }))]
struct BoardConnection {
    /// The API key, which is encrypted and never shown again.
    #[schema(min_length = 1, max_length = 300)]
    key: String,
    /// The token for this key, which is encrypted and never shown again.
    #[schema(min_length = 1, max_length = 300)]
    token: String,
    /// The ID of the board, or its address.
    #[schema(min_length = 1, max_length = 300)]
    board: String,
}

/// Connects the board of your team with a board at Trello, instead of a former connection, if you are its leader or a co-leader. The credentials
/// are deleted when you disconnect it or leave the team, and with the data of the hackathon.
#[utoipa::path(
    put,
    path = "/api/v1/me/hackathons/{slug}/team/export",
    operation_id = "connect_board",
    tag = "Hackathons",
    params(("slug" = String, Path, description = "The hackathon's slug", example = "low-tide")),
    request_body = BoardConnection,
    responses(
        (status = 200, description = "The connection", body = BoardExport),
        (status = 400, description = "The path or body is malformed"),
        (status = 403, description = "You do not take part, or do not lead the team"),
        (status = 404, description = "No hackathon that you may see has this slug"),
        (status = 409, description = "You have no team, or the hackathon is over"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
async fn connect(
    State(context): State<Context>,
    insider: Insider,
    Body(body): Body<BoardConnection>,
) -> Result<Json<BoardExport>, WebError> {
    let input = ConnectionInput {
        key: body.key,
        token: body.token,
        board: body.board,
    };
    let (person, slug) = (insider.viewer.user_id, &insider.hackathon.slug);
    let connected = actions::connect_board(&context, person, slug, &input).await?;
    Ok(Json(Some(connected).into()))
}

/// Disconnects the board of your team and deletes the credentials. Cards at Trello stay.
#[utoipa::path(
    delete,
    path = "/api/v1/me/hackathons/{slug}/team/export",
    operation_id = "disconnect_board",
    tag = "Hackathons",
    params(("slug" = String, Path, description = "The hackathon's slug", example = "low-tide")),
    responses(
        (status = 204, description = "The board is not connected"),
        (status = 400, description = "The path is malformed"),
        (status = 403, description = "You do not take part, or do not lead the team"),
        (status = 404, description = "No hackathon that you may see has this slug"),
        (status = 409, description = "You have no team")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
async fn disconnect(
    State(context): State<Context>,
    insider: Insider,
) -> Result<StatusCode, WebError> {
    let (person, slug) = (insider.viewer.user_id, &insider.hackathon.slug);
    actions::disconnect_board(&context, person, slug).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Requests an export of the board of your team to Trello. It runs in the background; repeating it creates no card twice.
#[utoipa::path(
    post,
    path = "/api/v1/me/hackathons/{slug}/team/export",
    operation_id = "export_board",
    tag = "Hackathons",
    params(("slug" = String, Path, description = "The hackathon's slug", example = "low-tide")),
    responses(
        (status = 200, description = "The connection, with the export that waits", body = BoardExport),
        (status = 400, description = "The path is malformed"),
        (status = 403, description = "You do not take part, or do not lead the team"),
        (status = 404, description = "No hackathon that you may see has this slug"),
        (status = 409, description = "You have no team, its board is not connected, or the hackathon is over")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
async fn export(
    State(context): State<Context>,
    insider: Insider,
) -> Result<Json<BoardExport>, WebError> {
    let (person, slug) = (insider.viewer.user_id, &insider.hackathon.slug);
    let export = actions::export_board(&context, person, slug).await?;
    Ok(Json(Some(export).into()))
}
