use axum::{Json, extract::State};
use kernel::Timestamp;
use platform::{
    Context,
    web::{All, Path, WebError},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    model::Rarity,
    reads::{self, OwnBadge},
};

/// A badge that a person has.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "ten-merges", "name": "Ten merged", "rarity": "COMMON",
    "awarded_at": "2026-11-09T14:20:00Z", "awarded_by": "RULE",
    "evidence": { "metric": "merged_pull_requests", "count": 10 }
}))]
pub(super) struct PersonBadge {
    /// The badge's slug.
    slug: String,
    /// The badge's display name.
    name: String,
    /// The rarity.
    rarity: Rarity,
    /// When the criteria were reached, by GitHub's clock, or when an admin awarded the badge.
    #[schema(value_type = String, format = DateTime)]
    awarded_at: Timestamp,
    /// `RULE` if the person earned it by its criteria, `ADMIN` if an admin awarded it.
    awarded_by: &'static str,
    /// The numbers with which the criteria were reached. Null if an admin awarded it.
    #[schema(value_type = Option<Object>)]
    evidence: Option<Value>,
}

impl From<OwnBadge> for PersonBadge {
    fn from(own: OwnBadge) -> Self {
        Self {
            rarity: own.badge.rarity,
            slug: own.badge.slug,
            name: own.badge.name,
            awarded_at: own.awarded_at,
            awarded_by: own.awarded_by.as_str(),
            evidence: own.evidence.and_then(|text| serde_json::from_str(&text).ok()),
        }
    }
}

/// Lists the badges of a person, the latest first.
#[utoipa::path(
    get,
    path = "/api/v1/people/{login}/badges",
    operation_id = "list_person_badges",
    tag = "People",
    responses((status = 200, description = "The badges", body = All<PersonBadge>))
)]
pub(super) async fn person_badges(
    State(context): State<Context>,
    Path(login): Path<String>,
) -> Result<Json<All<PersonBadge>>, WebError> {
    let person = identity::reads::find_public(&context.db, &login).await?;
    let found = reads::badges_of_person(&context.db, person.id.into()).await?;
    Ok(Json(All::of(found)))
}
