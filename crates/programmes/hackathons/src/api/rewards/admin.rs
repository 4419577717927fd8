use axum::{Json, extract::State};
use identity::access::Admin;
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{Body, Created, List, ListQuery, Paged, Path, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Reward, page};
use crate::{
    actions::{NewReward, add_codes, archive_reward, create_reward, edit_reward},
    reads::RewardPart,
    rules::{invalid_reward, keeps_slug, rewards::RewardInput},
};

/// A number, or null for none.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
struct Number(Option<i64>);

/// Reads a number that is given; null is none.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Number>, D::Error> {
    Number::deserialize(deserializer).map(Some)
}

fn typed(number: Option<Number>) -> Option<String> {
    number.map(|Number(number)| number.map(|it| it.to_string()).unwrap_or_default())
}

/// The details of a reward. Absent fields stay as they are, or have their default in a new reward.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Mug", "kind": "swag", "cost": 120, "stock": 40, "claim_kind": "address" }))]
pub(super) struct RewardBody {
    /// The slug, used in URLs and never changed. Derived from the name if absent.
    #[schema(max_length = 100)]
    slug: Option<String>,
    /// `swag`, `cash`, `coupon`, `mentorship`, `credential` or `other`.
    #[schema(max_length = 20)]
    kind: Option<String>,
    /// The name. Required in a new reward.
    #[schema(max_length = 100)]
    name: Option<String>,
    /// The description, as Markdown.
    #[schema(max_length = 5_000)]
    description: Option<String>,
    /// The cost in points. Required in a new reward.
    #[schema(minimum = 1, maximum = 1_000_000)]
    cost: Option<i64>,
    /// The number in stock. Null for no limit. That of a reward with codes is the number of free codes.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 1_000_000)]
    stock: Option<Number>,
    /// The stock at which admins are alerted. Null for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 1_000_000)]
    low_stock: Option<Number>,
    /// How many one person can redeem. Null for no limit.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1_000_000)]
    person_limit: Option<Number>,
    /// The kind of claim: `none`, `address`, `email` or `coupon_code`.
    #[schema(max_length = 20)]
    claim_kind: Option<String>,
    /// The login of the person who is reminded of waiting redemptions; empty for none.
    #[schema(max_length = 64)]
    owner: Option<String>,
    /// When people can begin to redeem it, such as `2026-11-01T00:00:00Z`; empty for at once.
    #[schema(max_length = 40)]
    active_from: Option<String>,
    /// When they no longer can; empty for never.
    #[schema(max_length = 40)]
    active_until: Option<String>,
}

impl RewardBody {
    fn input(self) -> RewardInput {
        RewardInput {
            kind: self.kind,
            name: self.name,
            description: self.description,
            cost: self.cost.map(|cost| cost.to_string()),
            stock: typed(self.stock),
            low_stock: typed(self.low_stock),
            person_limit: typed(self.person_limit),
            claim_kind: self.claim_kind,
            owner: self.owner,
            active_from: self.active_from,
            active_until: self.active_until,
        }
    }
}

/// Lists all rewards, also archived ones, cheapest first.
#[utoipa::path(
    get,
    path = "/api/v1/admin/rewards",
    operation_id = "list_all_rewards",
    tag = "Rewards",
    params(ListQuery),
    responses(
        (status = 200, description = "A page of rewards", body = List<Reward>),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    _: Admin,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Reward>>, WebError> {
    page(&context, RewardPart::All, &query).await
}

/// Creates a reward.
#[utoipa::path(
    post,
    path = "/api/v1/admin/rewards",
    operation_id = "create_reward",
    tag = "Rewards",
    params(IdempotencyKey),
    request_body = RewardBody,
    responses(
        (status = 201, description = "The reward", body = Reward),
        (status = 409, description = "The slug is taken"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn create(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Body(body): Body<RewardBody>,
) -> Result<Created<Reward>, WebError> {
    let new = NewReward { slug: body.slug.clone(), details: body.input() };
    let reward = create_reward(&context, viewer.actor(), new).await?;
    Ok(Created {
        location: format!("/api/v1/rewards/{}", reward.slug),
        body: Reward::of(&reward, context.now()),
    })
}

/// Changes a reward. Redemptions keep what they cost.
#[utoipa::path(
    patch,
    path = "/api/v1/admin/rewards/{slug}",
    operation_id = "edit_reward",
    tag = "Rewards",
    request_body = RewardBody,
    responses(
        (status = 200, description = "The changed reward", body = Reward),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn edit(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(slug): Path<String>,
    Body(body): Body<RewardBody>,
) -> Result<Json<Reward>, WebError> {
    keeps_slug("reward", body.slug.as_deref(), &slug)
        .map_err(|detail| invalid_reward("slug", detail))?;
    let reward = edit_reward(&context, viewer.actor(), &slug, &body.input()).await?;
    Ok(Json(Reward::of(&reward, context.now())))
}

/// Archives a reward, so that people can no longer redeem it.
#[utoipa::path(
    put,
    path = "/api/v1/admin/rewards/{slug}/archive",
    operation_id = "archive_reward",
    tag = "Rewards",
    responses((status = 200, description = "The archived reward", body = Reward)),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn archive(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(slug): Path<String>,
) -> Result<Json<Reward>, WebError> {
    let reward = archive_reward(&context, viewer.actor(), &slug, true).await?;
    Ok(Json(Reward::of(&reward, context.now())))
}

/// Takes a reward out of the archive, so that people can redeem it again.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/rewards/{slug}/archive",
    operation_id = "restore_reward",
    tag = "Rewards",
    responses((status = 200, description = "The reward", body = Reward)),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn restore(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(slug): Path<String>,
) -> Result<Json<Reward>, WebError> {
    let reward = archive_reward(&context, viewer.actor(), &slug, false).await?;
    Ok(Json(Reward::of(&reward, context.now())))
}

/// Coupon codes to add.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "codes": ["TIDE-7F3K", "TIDE-9QX2"] }))]
pub(super) struct CodesInput {
    /// The codes. Those that the reward has are left out.
    #[schema(min_items = 1, max_items = 1_000)]
    codes: Vec<String>,
}

/// The number of coupon codes that were added.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "added": 2 }))]
pub(super) struct AddedCodes {
    /// The number of new codes.
    added: usize,
}

/// Adds coupon codes to a reward, which raises its stock.
#[utoipa::path(
    post,
    path = "/api/v1/admin/rewards/{slug}/codes",
    operation_id = "add_reward_codes",
    tag = "Rewards",
    request_body = CodesInput,
    responses(
        (status = 200, description = "The number of new codes", body = AddedCodes),
        (status = 422, description = "The reward has no codes, or a code is not valid")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn codes(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(slug): Path<String>,
    Body(input): Body<CodesInput>,
) -> Result<Json<AddedCodes>, WebError> {
    let lines = input.codes.join("\n");
    let added = add_codes(&context, viewer.actor(), &slug, &lines).await?;
    Ok(Json(AddedCodes { added }))
}
