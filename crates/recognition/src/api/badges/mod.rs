//! The API of badges.

mod admin;
mod credential;
mod holders;
mod people;

use axum::{
    Extension, Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use kernel::Timestamp;
use platform::{
    Context,
    web::{All, Path, WebError},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Programmes,
    model::{BadgeRow, Rarity},
    reads::{self, Badges},
    rules::badges::{CRITERIA_SCHEMA, Criteria},
};

/// Routes of badges.
pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(badges, admin::create))
        .routes(routes!(badge, admin::change))
        .routes(routes!(holders::holders, admin::award))
        .routes(routes!(admin::revoke))
        .routes(routes!(people::person_badges))
        .routes(routes!(credential::credential))
        .routes(routes!(schema))
}

/// A badge.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "ten-merges", "name": "Ten merged", "description": "10 merged pull requests.",
    "criteria": { "kind": "pr_count", "at_least": 10 }, "criteria_text": "Have 10 pull requests merged.",
    "rarity": "COMMON", "holder_count": 18, "holder_share": 16.4, "retired_at": null
}))]
struct Badge {
    /// The badge's slug.
    slug: String,
    /// The badge's display name.
    name: String,
    /// A sentence about the badge.
    description: String,
    /// The condition under which people earn it. `/api/v1/schemas/badge-criteria` has the JSON Schema.
    #[schema(value_type = Object)]
    criteria: Value,
    /// The criteria in words.
    criteria_text: String,
    /// The rarity.
    rarity: Rarity,
    /// The number of people who have it, without those who are on no public list.
    holder_count: i64,
    /// The percentage of people with points who have it. Null when no one has points.
    holder_share: Option<f64>,
    /// When it was retired. Holders keep it, and no one can earn it anymore. Null while it is not retired.
    #[schema(value_type = Option<String>, format = DateTime)]
    retired_at: Option<Timestamp>,
}

impl Badge {
    fn of(row: &BadgeRow, found: &Badges, programmes: Programmes) -> Self {
        let criteria = Criteria::stored(&row.criteria).unwrap_or(Criteria::Manual);
        Self {
            slug: row.slug.clone(),
            name: row.name.clone(),
            description: row.description.clone(),
            criteria: criteria.document(),
            criteria_text: criteria.sentence(&programmes.metrics()),
            rarity: row.rarity,
            holder_count: found.holders(row.id),
            holder_share: found.share(row.id).map(|share| (share * 10.0).round() / 10.0),
            retired_at: row.retired_at,
        }
    }

    /// Finds a badge among some, with the number of its holders.
    fn find(found: &Badges, programmes: Programmes, slug: &str) -> Result<Self, WebError> {
        let row = found.rows.iter().find(|row| row.slug == slug);
        let row = row.ok_or_else(|| reads::unknown_badge(slug))?;
        Ok(Self::of(row, found, programmes))
    }
}

/// Lists all badges, by slug. There are at most 200.
#[utoipa::path(
    get,
    path = "/api/v1/badges",
    operation_id = "list_badges",
    tag = "Badges",
    responses((status = 200, description = "The badges", body = All<Badge>))
)]
async fn badges(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
) -> Result<Json<All<Badge>>, WebError> {
    let found = reads::badges(&context.db).await?;
    let rows = found.rows.iter();
    Ok(Json(All::of(rows.map(|row| Badge::of(row, &found, programmes)))))
}

/// Returns a badge.
#[utoipa::path(
    get,
    path = "/api/v1/badges/{slug}",
    operation_id = "get_badge",
    tag = "Badges",
    responses((status = 200, description = "The badge", body = Badge))
)]
async fn badge(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Path(slug): Path<String>,
) -> Result<Json<Badge>, WebError> {
    let found = reads::badges(&context.db).await?;
    Badge::find(&found, programmes, &slug).map(Json)
}

/// Returns the JSON Schema of the criteria of badges.
#[utoipa::path(
    get,
    path = "/api/v1/schemas/badge-criteria",
    operation_id = "get_badge_criteria_schema",
    tag = "Badges",
    responses(
        (status = 200, description = "The JSON Schema (draft 2020-12)", body = Object, content_type = "application/schema+json")
    )
)]
async fn schema() -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/schema+json")];
    (content_type, CRITERIA_SCHEMA).into_response()
}
