//! The API of the leaderboards of projects, seasons and skills.

use axum::{Extension, Json, extract::State};
use platform::{
    Context,
    web::{Paged, Path, Query, WebError},
};
use recognition::{
    access::Leaderboard,
    api::{BoardPage, PageQuery, Rank, RankOf},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{PROJECT_BOARDS, SEASON_BOARDS, SKILL_BOARDS};

/// Routes of the leaderboards of projects, seasons and skills.
pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(board))
        .routes(routes!(rank))
        .routes(routes!(month))
        .routes(routes!(month_rank))
        .layer(Extension(&PROJECT_BOARDS))
        .merge(
            OpenApiRouter::default()
                .routes(routes!(season))
                .routes(routes!(season_rank))
                .layer(Extension(&SEASON_BOARDS)),
        )
        .merge(
            OpenApiRouter::default()
                .routes(routes!(skill))
                .routes(routes!(skill_rank))
                .layer(Extension(&SKILL_BOARDS)),
        )
}

/// Lists people on a project's leaderboard, by rank.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/projects/{slug}",
    operation_id = "list_project_leaderboard",
    tag = "Leaderboards",
    params(PageQuery),
    responses((status = 200, description = "A page of the leaderboard", body = BoardPage))
)]
async fn board(
    State(context): State<Context>,
    Query(query): Query<PageQuery>,
    leaderboard: Leaderboard,
) -> Result<Paged<BoardPage>, WebError> {
    let page = BoardPage::of(&context, &leaderboard, &query).await?;
    Ok(Paged(page))
}

/// Returns a person's rank on a project's leaderboard.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/projects/{slug}/ranks/{login}",
    operation_id = "get_project_leaderboard_rank",
    tag = "Leaderboards",
    responses((status = 200, description = "The person's rank", body = Rank))
)]
async fn rank(
    State(context): State<Context>,
    Path(RankOf { login }): Path<RankOf>,
    leaderboard: Leaderboard,
) -> Result<Json<Rank>, WebError> {
    Rank::of(&context, &leaderboard, &login).await.map(Json)
}

/// Lists people on a project's leaderboard of a month, by rank.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/projects/{slug}/months/{month}",
    operation_id = "list_project_month_leaderboard",
    tag = "Leaderboards",
    params(PageQuery),
    responses(
        (status = 200, description = "A page of the leaderboard", body = BoardPage),
        (status = 400, description = "The month or a query parameter is invalid")
    )
)]
async fn month(
    State(context): State<Context>,
    Query(query): Query<PageQuery>,
    leaderboard: Leaderboard,
) -> Result<Paged<BoardPage>, WebError> {
    let page = BoardPage::of(&context, &leaderboard, &query).await?;
    Ok(Paged(page))
}

/// Returns a person's rank on a project's leaderboard of a month.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/projects/{slug}/months/{month}/ranks/{login}",
    operation_id = "get_project_month_leaderboard_rank",
    tag = "Leaderboards",
    responses(
        (status = 200, description = "The person's rank", body = Rank),
        (status = 400, description = "The month is invalid")
    )
)]
async fn month_rank(
    State(context): State<Context>,
    Path(RankOf { login }): Path<RankOf>,
    leaderboard: Leaderboard,
) -> Result<Json<Rank>, WebError> {
    Rank::of(&context, &leaderboard, &login).await.map(Json)
}

/// Lists people on the leaderboard of a season, by rank.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/seasons/{slug}",
    operation_id = "list_season_leaderboard",
    tag = "Leaderboards",
    params(PageQuery),
    responses((status = 200, description = "A page of the leaderboard", body = BoardPage))
)]
async fn season(
    State(context): State<Context>,
    Query(query): Query<PageQuery>,
    leaderboard: Leaderboard,
) -> Result<Paged<BoardPage>, WebError> {
    let page = BoardPage::of(&context, &leaderboard, &query).await?;
    Ok(Paged(page))
}

/// Returns a person's rank on the leaderboard of a season.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/seasons/{slug}/ranks/{login}",
    operation_id = "get_season_leaderboard_rank",
    tag = "Leaderboards",
    responses((status = 200, description = "The person's rank", body = Rank))
)]
async fn season_rank(
    State(context): State<Context>,
    Path(RankOf { login }): Path<RankOf>,
    leaderboard: Leaderboard,
) -> Result<Json<Rank>, WebError> {
    Rank::of(&context, &leaderboard, &login).await.map(Json)
}

/// Lists people on the leaderboard of a skill, by rank.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/skills/{slug}",
    operation_id = "list_skill_leaderboard",
    tag = "Leaderboards",
    params(PageQuery),
    responses((status = 200, description = "A page of the leaderboard", body = BoardPage))
)]
async fn skill(
    State(context): State<Context>,
    Query(query): Query<PageQuery>,
    leaderboard: Leaderboard,
) -> Result<Paged<BoardPage>, WebError> {
    let page = BoardPage::of(&context, &leaderboard, &query).await?;
    Ok(Paged(page))
}

/// Returns a person's rank on the leaderboard of a skill.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/skills/{slug}/ranks/{login}",
    operation_id = "get_skill_leaderboard_rank",
    tag = "Leaderboards",
    responses((status = 200, description = "The person's rank", body = Rank))
)]
async fn skill_rank(
    State(context): State<Context>,
    Path(RankOf { login }): Path<RankOf>,
    leaderboard: Leaderboard,
) -> Result<Json<Rank>, WebError> {
    Rank::of(&context, &leaderboard, &login).await.map(Json)
}
