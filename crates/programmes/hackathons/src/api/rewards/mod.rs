//! The API of rewards.

mod admin;
mod redemptions;

use axum::{Json, extract::State};
use kernel::{Points, Timestamp};
use platform::{
    Context,
    web::{List, ListQuery, Paged, Query, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    access::SeenReward,
    reads::{self, RewardPart, RewardView},
};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(list))
        .routes(routes!(reward))
        .routes(routes!(redemptions::redeem))
        .routes(routes!(redemptions::own))
        .routes(routes!(redemptions::cancel))
        .routes(routes!(admin::list, admin::create))
        .routes(routes!(admin::edit))
        .routes(routes!(admin::archive, admin::restore))
        .routes(routes!(admin::codes))
        .routes(routes!(redemptions::list))
        .routes(routes!(redemptions::step))
}

/// A reward.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "mug", "kind": "swag", "name": "Mug", "description": "It holds **tea**.", "cost": 120, "stock": 40,
    "person_limit": 1, "claim_kind": "address", "active_from": null, "active_until": null, "is_active": true,
    "archived_at": null
}))]
struct Reward {
    /// The slug, used in URLs.
    slug: String,
    /// `swag`, `cash`, `coupon`, `mentorship`, `credential` or `other`.
    kind: &'static str,
    /// The name.
    name: String,
    /// The description, as Markdown.
    description: String,
    /// The cost in points.
    cost: Points,
    /// The number in stock. Null without a limit.
    stock: Option<i64>,
    /// How many one person can redeem. Null without a limit.
    person_limit: Option<i64>,
    /// The kind of claim: `none`, `address`, `email` or `coupon_code`.
    claim_kind: &'static str,
    /// When people can begin to redeem it. Null for at once.
    #[schema(value_type = Option<String>, format = DateTime)]
    active_from: Option<Timestamp>,
    /// When they no longer can. Null for never.
    #[schema(value_type = Option<String>, format = DateTime)]
    active_until: Option<Timestamp>,
    /// True if people can redeem it now, while it is in stock.
    is_active: bool,
    /// When it was archived. Null if it is not.
    #[schema(value_type = Option<String>, format = DateTime)]
    archived_at: Option<Timestamp>,
}

impl Reward {
    fn of(reward: &RewardView, now: Timestamp) -> Self {
        Self {
            kind: reward.kind.as_str(),
            claim_kind: reward.claim_kind.as_str(),
            is_active: reward.offer().is_active(now),
            slug: reward.slug.clone(),
            name: reward.name.clone(),
            description: reward.description.clone(),
            cost: reward.cost,
            stock: reward.stock,
            person_limit: reward.person_limit,
            active_from: reward.active_from,
            active_until: reward.active_until,
            archived_at: reward.archived_at,
        }
    }
}

/// Reads a page of rewards.
async fn page(
    context: &Context,
    part: RewardPart,
    query: &ListQuery,
) -> Result<Paged<List<Reward>>, WebError> {
    let limit = query.limit()?;
    let after = query.cursor.as_deref();
    let found = reads::rewards(&context.db, part, after, limit + 1).await?;
    let found = List::cut(found, limit, |reward| reward.slug.clone());
    Ok(Paged(found.map(|it| Reward::of(&it, context.now()))))
}

/// Lists the rewards that people can redeem now, also those that are sold out, cheapest first.
#[utoipa::path(
    get,
    path = "/api/v1/rewards",
    operation_id = "list_rewards",
    tag = "Rewards",
    params(ListQuery),
    responses(
        (status = 200, description = "A page of rewards", body = List<Reward>),
    )
)]
async fn list(
    State(context): State<Context>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Reward>>, WebError> {
    let now = context.now();
    page(&context, RewardPart::Active(now), &query).await
}

/// Returns a reward. Archived ones are for admins.
#[utoipa::path(
    get,
    path = "/api/v1/rewards/{slug}",
    operation_id = "get_reward",
    tag = "Rewards",
    responses((status = 200, description = "The reward", body = Reward))
)]
async fn reward(State(context): State<Context>, seen: SeenReward) -> Json<Reward> {
    Json(Reward::of(&seen.reward, context.now()))
}
