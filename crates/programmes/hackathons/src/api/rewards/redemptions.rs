use axum::{Json, extract::State};
use identity::access::{Admin, SignedIn};
use kernel::{Points, Timestamp};
use platform::{
    ActionError, Context,
    idempotency::IdempotencyKey,
    web::{self, Body, Created, List, ListQuery, Paged, Path, Query, WebError, bad_cursor},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::SeenReward,
    actions::{opened, redeem_reward, step_redemption},
    model::{RedemptionId, RedemptionStatus},
    reads::{self, RedemptionPart, RedemptionView},
    rules::invalid_reward,
};

/// A redeemed reward.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01931b6e-6c00-7000-8000-000000000001", "reward": "mug", "person": "ada-lovelace", "cost": 120,
    "status": "requested", "status_at": "2026-11-01T12:00:00Z", "redeemed_at": "2026-11-01T12:00:00Z",
    "claim": null, "code": null
}))]
pub(super) struct Redemption {
    /// The ID.
    id: Uuid,
    /// The reward's slug.
    reward: String,
    /// The login of the person.
    person: String,
    /// The points that it cost.
    cost: Points,
    /// `requested`, `approved`, `fulfilled`, `delivered` or `canceled`.
    status: &'static str,
    /// When the status was reached.
    #[schema(value_type = String, format = DateTime)]
    status_at: Timestamp,
    /// When the person redeemed the reward.
    #[schema(value_type = String, format = DateTime)]
    redeemed_at: Timestamp,
    /// The address to which it is sent, for admins. Null without one, and once the reward is delivered or canceled.
    claim: Option<String>,
    /// The coupon code, for the person. Null without one, and until the redemption is fulfilled.
    code: Option<String>,
}

impl Redemption {
    /// Shows a redemption to the person.
    fn own(context: &Context, redemption: RedemptionView) -> Result<Self, ActionError> {
        let shows_code = redemption.status.shows_code();
        let code = redemption.code.as_ref().filter(|_| shows_code);
        let code = opened(context, code)?;
        Ok(Self::of(redemption, None, code))
    }

    /// Shows a redemption to admins.
    fn for_admins(context: &Context, redemption: RedemptionView) -> Result<Self, ActionError> {
        let claim = opened(context, redemption.claim.as_ref())?;
        Ok(Self::of(redemption, claim, None))
    }

    fn of(redemption: RedemptionView, claim: Option<String>, code: Option<String>) -> Self {
        Self {
            id: redemption.id,
            person: redemption.person().to_owned(),
            status: redemption.status.as_str(),
            cost: redemption.cost,
            status_at: redemption.status_at,
            redeemed_at: redemption.created_at,
            reward: redemption.slug,
            claim,
            code,
        }
    }
}

/// Reads the cursor of a list of redemptions.
fn cursor(cursor: Option<&str>) -> Result<Option<RedemptionId>, WebError> {
    match cursor.map(Uuid::try_parse) {
        None => Ok(None),
        Some(Ok(id)) => Ok(Some(id.into())),
        Some(Err(_)) => Err(bad_cursor().into()),
    }
}

fn listed(
    found: List<RedemptionView>,
    show: impl Fn(RedemptionView) -> Result<Redemption, ActionError>,
) -> Result<Paged<List<Redemption>>, WebError> {
    let items = found.items.into_iter().map(show);
    Ok(Paged(List { items: items.collect::<Result<_, _>>()?, next_cursor: found.next_cursor }))
}

/// The claim to a reward.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "claim": "Ada Lovelace\n1 Quay Street\nLisbon" }))]
pub(super) struct ClaimInput {
    /// The postal or email address, if the reward needs one.
    #[serde(default)]
    #[schema(max_length = 500)]
    claim: String,
}

/// Redeems a reward: spends your points, and takes one from the stock.
#[utoipa::path(
    post,
    path = "/api/v1/rewards/{slug}/redemptions",
    operation_id = "redeem_reward",
    tag = "Rewards",
    params(IdempotencyKey),
    request_body = ClaimInput,
    responses(
        (status = 201, description = "The redemption", body = Redemption),
        (status = 409, description = "You lack points, you reached the limit, or the reward is out of stock or not active"),
        (status = 422, description = "The claim is not valid")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn redeem(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    seen: SeenReward,
    Body(input): Body<ClaimInput>,
) -> Result<Created<Redemption>, WebError> {
    let redemption =
        redeem_reward(&context, viewer.user_id, seen.reward.slug.as_str(), input.claim.as_str())
            .await?;
    Ok(Created {
        location: "/api/v1/me/redemptions".to_owned(),
        body: Redemption::own(&context, redemption)?,
    })
}

/// Lists the rewards that you redeemed, latest first.
#[utoipa::path(
    get,
    path = "/api/v1/me/redemptions",
    operation_id = "list_own_redemptions",
    tag = "Rewards",
    params(ListQuery),
    responses(
        (status = 200, description = "A page of redemptions", body = List<Redemption>),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn own(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Redemption>>, WebError> {
    let (limit, before) = (query.limit()?, cursor(query.cursor.as_deref())?);
    let person = viewer.user_id;
    let found = reads::redemptions_of(&context.db, person, before, limit + 1).await?;
    let found = List::cut(found, limit, |it| it.id.to_string());
    listed(found, |it| Redemption::own(&context, it))
}

/// Cancels a redemption of yours that is requested. You get the points back.
#[utoipa::path(
    post,
    path = "/api/v1/me/redemptions/{id}/cancel",
    operation_id = "cancel_redemption",
    tag = "Rewards",
    responses(
        (status = 200, description = "The canceled redemption", body = Redemption),
        (status = 409, description = "The redemption is not requested any longer")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn cancel(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Redemption>, WebError> {
    let canceled = step_redemption(
        &context,
        viewer.actor(),
        Some(viewer.user_id),
        id.into(),
        RedemptionStatus::Canceled,
    )
    .await?;
    Ok(Json(Redemption::own(&context, canceled)?))
}

/// The part of the redemptions to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct QueueQuery {
    /// `open` (the default), `all`, or a status.
    #[param(
        value_type = String,
        required = false,
        pattern = "^(open|all|requested|approved|fulfilled|delivered|canceled)?$",
        example = "open"
    )]
    status: Option<String>,
    /// The number of items per page: 20 by default, at most 100.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, example = 20)]
    limit: Option<i64>,
    /// The `next_cursor` from the previous page.
    #[param(value_type = String, required = false)]
    cursor: Option<String>,
}

/// Lists redemptions, earliest first.
#[utoipa::path(
    get,
    path = "/api/v1/admin/redemptions",
    operation_id = "list_redemptions",
    tag = "Rewards",
    params(QueueQuery),
    responses(
        (status = 200, description = "A page of redemptions", body = List<Redemption>),
        (status = 422, description = "The status is not one of these")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    _: Admin,
    Query(query): Query<QueueQuery>,
) -> Result<Paged<List<Redemption>>, WebError> {
    let status = query.status.as_deref().unwrap_or_default();
    let part = RedemptionPart::named(status).ok_or_else(|| {
        let detail = format!("'{status}' is not a part. Use open, all or a status.");
        invalid_reward("status", detail)
    })?;
    let (limit, after) = (web::limit(query.limit)?, cursor(query.cursor.as_deref())?);
    let found = reads::redemptions(&context.db, part, after, limit + 1).await?;
    let found = List::cut(found, limit, |it| it.id.to_string());
    listed(found, |it| Redemption::for_admins(&context, it))
}

/// The status to reach.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "status": "approved" }))]
pub(super) struct StepInput {
    /// The next status, or `canceled`.
    #[schema(max_length = 20)]
    status: String,
}

/// Takes a redemption one step further, or cancels it until it is delivered, which returns the points and the stock.
#[utoipa::path(
    post,
    path = "/api/v1/admin/redemptions/{id}/status",
    operation_id = "set_redemption_status",
    tag = "Rewards",
    request_body = StepInput,
    responses(
        (status = 200, description = "The redemption", body = Redemption),
        (status = 409, description = "The status does not follow the present one"),
        (status = 422, description = "The status is not one of these")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn step(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(id): Path<Uuid>,
    Body(input): Body<StepInput>,
) -> Result<Json<Redemption>, WebError> {
    let to = RedemptionStatus::named(&input.status).ok_or_else(|| {
        let detail = format!(
            "'{}' is not a status. Use approved, fulfilled, delivered or canceled.",
            input.status
        );
        invalid_reward("status", detail)
    })?;
    let stepped = step_redemption(&context, viewer.actor(), None, id.into(), to).await?;
    Ok(Json(Redemption::for_admins(&context, stepped)?))
}
