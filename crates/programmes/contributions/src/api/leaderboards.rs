//! Leaderboards of projects as JSON.

use axum::{Extension, Json, extract::State};
use platform::{
    Context,
    web::{Path, Query, WebError},
};
use recognition::{
    access::Leaderboard,
    api::{BoardPage, PageQuery, Rank, RankOf},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::PROJECT_BOARDS;

/// Routes of the leaderboards of projects.
pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(board))
        .routes(routes!(rank))
        .layer(Extension(&PROJECT_BOARDS))
}

/// A page of a project's leaderboard.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/projects/{slug}",
    operation_id = "project_leaderboard",
    tag = "Leaderboards",
    params(
        ("slug" = String, Path, description = "The project's name in addresses", example = "lantern"),
        PageQuery
    ),
    responses(
        (status = 200, description = "The page", body = BoardPage),
        (status = 400, description = "The query cannot be read"),
        (status = 404, description = "There is no such project")
    )
)]
async fn board(
    State(context): State<Context>,
    Query(query): Query<PageQuery>,
    leaderboard: Leaderboard,
) -> Result<Json<BoardPage>, WebError> {
    BoardPage::of(&context, &leaderboard, &query)
        .await
        .map(Json)
}

/// A person's rank on a project's leaderboard.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/projects/{slug}/ranks/{login}",
    operation_id = "project_leaderboard_rank",
    tag = "Leaderboards",
    params(
        ("slug" = String, Path, description = "The project's name in addresses", example = "lantern"),
        ("login" = String, Path, description = "A login, in whatever case", example = "wren-oak")
    ),
    responses(
        (status = 200, description = "Their rank", body = Rank),
        (status = 400, description = "The path is malformed"),
        (status = 404, description = "There is no such project, the login is unknown, or the person has no points on this board")
    )
)]
async fn rank(
    State(context): State<Context>,
    Path(RankOf { login }): Path<RankOf>,
    leaderboard: Leaderboard,
) -> Result<Json<Rank>, WebError> {
    Rank::of(&context, &leaderboard, &login).await.map(Json)
}
