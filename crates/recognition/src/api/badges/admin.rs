use axum::{Extension, Json, extract::State, http::StatusCode};
use identity::access::Admin;
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{Body, Created, Path, Query, WebError},
};
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::Badge;
use crate::{
    Programmes,
    actions::{BadgeChange, NewBadge, award_badge, change_badge, create_badge, revoke_badge},
    model::Rarity,
    reads,
    rules::badges::{BadgeTexts, Criteria, refusal},
};

/// A badge to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "slug": "twenty-merges", "name": "Twenty merged", "description": "20 merged pull requests.",
    "criteria": { "kind": "pr_count", "at_least": 20 }, "rarity": "RARE"
}))]
pub(super) struct BadgeInput {
    /// The slug in URLs, which never changes.
    #[schema(min_length = 1, max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    slug: String,
    /// The display name.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// A sentence about it.
    #[schema(min_length = 1, max_length = 300)]
    description: String,
    /// The condition under which people earn it. `/api/v1/schemas/badge-criteria` has the JSON Schema.
    #[schema(value_type = BTreeMap<String, Value>)]
    criteria: Box<RawValue>,
    /// The rarity.
    rarity: Rarity,
}

/// Changes to a badge. Absent fields stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "rarity": "EPIC", "retired": false }))]
pub(super) struct BadgePatch {
    /// The display name.
    #[schema(min_length = 1, max_length = 60)]
    name: Option<String>,
    /// A sentence about it.
    #[schema(min_length = 1, max_length = 300)]
    description: Option<String>,
    /// The condition under which people earn it. Those who have it keep it.
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    criteria: Option<Box<RawValue>>,
    /// The rarity.
    rarity: Option<Rarity>,
    /// True to retire it: holders keep it, and no one can earn it anymore. False to end that.
    retired: Option<bool>,
}

/// A person to award a badge to.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "login": "wren-oak", "reason": "For the workshop in October" }))]
pub(super) struct AwardInput {
    /// The person's login (case-insensitive), or ID.
    login: String,
    /// The reason, shown to the person and in the audit log.
    #[schema(min_length = 1)]
    reason: String,
}

/// The reason for revoking a badge.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Revocation {
    /// The reason, shown to the person and in the audit log.
    #[serde(default)]
    #[param(required = true, min_length = 1, example = "Awarded by mistake")]
    reason: String,
}

fn criteria(document: &RawValue, programmes: Programmes) -> Result<Criteria, WebError> {
    let parsed = Criteria::parse(document.get(), &programmes.metrics());
    Ok(parsed.map_err(|errors| refusal(&errors))?)
}

/// Creates a badge. Everyone is evaluated, which takes a while; contributions of earlier days count.
#[utoipa::path(
    post,
    path = "/api/v1/badges",
    operation_id = "create_badge",
    tag = "Badges",
    params(IdempotencyKey),
    request_body = BadgeInput,
    responses(
        (status = 201, description = "The badge is created", body = Badge),
        (status = 409, description = "The slug is in use, or there are 200 badges"),
        (status = 422, description = "A text or the criteria are not valid. `errors` lists every invalid field of the criteria")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn create(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Admin(viewer): Admin,
    Body(input): Body<BadgeInput>,
) -> Result<Created<Badge>, WebError> {
    let new = NewBadge {
        texts: BadgeTexts { slug: input.slug, name: input.name, description: input.description },
        criteria: criteria(&input.criteria, programmes)?,
        rarity: input.rarity,
    };
    let badge = create_badge(&context, viewer.actor(), new).await?;
    let found = reads::all_badges(&context.db).await?;
    Ok(Created {
        location: format!("/api/v1/badges/{}", badge.slug),
        body: Badge::find(&found, programmes, &badge.slug)?,
    })
}

/// Changes a badge, retires it or ends that. With other criteria, everyone is evaluated; those who have it keep it.
#[utoipa::path(
    patch,
    path = "/api/v1/badges/{slug}",
    operation_id = "change_badge",
    tag = "Badges",
    request_body = BadgePatch,
    responses(
        (status = 200, description = "The changed badge", body = Badge),
        (status = 422, description = "A text or the criteria are not valid. `errors` lists every invalid field of the criteria")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn change(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Admin(viewer): Admin,
    Path(slug): Path<String>,
    Body(patch): Body<BadgePatch>,
) -> Result<Json<Badge>, WebError> {
    let document = patch.criteria.as_deref();
    let change = BadgeChange {
        name: patch.name,
        description: patch.description,
        criteria: document.map(|it| criteria(it, programmes)).transpose()?,
        rarity: patch.rarity,
        retired: patch.retired,
    };
    change_badge(&context, viewer.actor(), &slug, change).await?;
    let found = reads::all_badges(&context.db).await?;
    Badge::find(&found, programmes, &slug).map(Json)
}

/// Awards a badge to a person, whatever its criteria, and notifies them.
#[utoipa::path(
    post,
    path = "/api/v1/badges/{slug}/holders",
    operation_id = "award_badge",
    tag = "Badges",
    params(IdempotencyKey),
    request_body = AwardInput,
    responses(
        (status = 204, description = "The person has the badge"),
        (status = 404, description = "No badge has this slug, or the login is unknown"),
        (status = 409, description = "The person already has the badge"),
        (status = 422, description = "The reason is missing")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn award(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(slug): Path<String>,
    Body(input): Body<AwardInput>,
) -> Result<StatusCode, WebError> {
    let actor = viewer.actor();
    award_badge(&context, actor, &slug, &input.login, &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Revokes a badge of a person, and notifies them. Its criteria no longer award it to them; an admin can.
#[utoipa::path(
    delete,
    path = "/api/v1/badges/{slug}/holders/{login}",
    operation_id = "revoke_badge",
    tag = "Badges",
    params(Revocation),
    responses(
        (status = 204, description = "The person no longer has the badge"),
        (status = 409, description = "The person does not have the badge"),
        (status = 422, description = "The reason is missing")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn revoke(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path((slug, login)): Path<(String, String)>,
    Query(revocation): Query<Revocation>,
) -> Result<StatusCode, WebError> {
    let actor = viewer.actor();
    revoke_badge(&context, actor, &slug, &login, &revocation.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
