use axum::{Json, extract::State};
use identity::access::Admin;
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{Body, Created, WebError},
};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::ToSchema;

use super::{detail, views::SeasonDetail};
use crate::{
    access::Organizer,
    actions::{
        NewSeason, cancel_season, change_season, create_season, publish_season, sign_off_season,
    },
    model::SignOffBlocker,
    rules::seasons::{SeasonInput, sign_off::reasons},
};

/// A season to create, as a draft.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Autumn 2026", "first_day": "2026-10-01", "last_day": "2026-10-31", "goal": 4
}))]
pub(super) struct NewSeasonInput {
    /// The slug, used in URLs. Derived from the name if absent.
    #[schema(max_length = 100)]
    slug: Option<String>,
    /// The display name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The first day in which points count, in each participant's time zone.
    #[schema(format = Date)]
    first_day: String,
    /// The last day in which points count, in each participant's time zone.
    #[schema(format = Date)]
    last_day: String,
    /// A description.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// The first day of registration (UTC). No limit if absent.
    #[schema(format = Date)]
    registration_first_day: Option<String>,
    /// The last day of registration (UTC). The season's last day if absent.
    #[schema(format = Date)]
    registration_last_day: Option<String>,
    /// The text that participants agree to.
    #[schema(max_length = 10000)]
    consent: Option<String>,
    /// The number of merged pull requests that reach the goal. 0 for none.
    #[schema(minimum = 0, maximum = 10000)]
    goal: Option<i64>,
    /// The rules that organizers can publish to the season's projects. `/api/v1/schemas/rules` has the JSON Schema.
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    rules: Option<Value>,
    /// True if only registered people are on the leaderboard. The default is true.
    is_registered_only: Option<bool>,
}

/// Changes to a season. Absent fields stay as they are. Null removes a limit of registration.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "last_day": "2026-11-07", "goal": 5 }))]
pub(super) struct SeasonPatch {
    /// The display name.
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// A description.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// The first day in which points count, in each participant's time zone.
    #[schema(format = Date)]
    first_day: Option<String>,
    /// The last day in which points count, in each participant's time zone.
    #[schema(format = Date)]
    last_day: Option<String>,
    /// The first day of registration (UTC). Null for no limit.
    #[serde(default, deserialize_with = "limit")]
    #[schema(format = Date)]
    registration_first_day: Option<String>,
    /// The last day of registration (UTC). Null for the season's last day, also when that changes.
    #[serde(default, deserialize_with = "limit")]
    #[schema(format = Date)]
    registration_last_day: Option<String>,
    /// The text that participants agree to. A different text is a new version, for those who register from then on.
    #[schema(max_length = 10000)]
    consent: Option<String>,
    /// The number of merged pull requests that reach the goal. 0 for none.
    #[schema(minimum = 0, maximum = 10000)]
    goal: Option<i64>,
    /// The rules that organizers can publish to the season's projects.
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    rules: Option<Value>,
    /// True if only registered people are on the leaderboard.
    is_registered_only: Option<bool>,
}

/// Reads a limit that is given; null is an empty one.
fn limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let given = Option::<String>::deserialize(deserializer)?;
    Ok(Some(given.unwrap_or_default()))
}

/// Creates a season as a draft, which only organizers see.
#[utoipa::path(
    post,
    path = "/api/v1/seasons",
    operation_id = "create_season",
    tag = "Seasons",
    params(IdempotencyKey),
    request_body = NewSeasonInput,
    responses(
        (status = 201, description = "The season", body = SeasonDetail),
        (status = 409, description = "The slug is taken"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn create(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Body(input): Body<NewSeasonInput>,
) -> Result<Created<SeasonDetail>, WebError> {
    let new = NewSeason {
        slug: input.slug,
        details: SeasonInput {
            name: Some(input.name),
            description: input.description,
            first_day: Some(input.first_day),
            last_day: Some(input.last_day),
            registration_first_day: input.registration_first_day,
            registration_last_day: input.registration_last_day,
            consent: input.consent,
            goal: input.goal,
            rules: input.rules.map(|rules| rules.to_string()),
            is_registered_only: input.is_registered_only,
            unread: None,
        },
    };
    let season = create_season(&context, viewer.actor(), new).await?;
    Ok(Created {
        location: format!("/api/v1/seasons/{}/settings", season.slug),
        body: detail(&context, &season).await?,
    })
}

/// Returns a season in any state.
#[utoipa::path(
    get,
    path = "/api/v1/seasons/{slug}/settings",
    operation_id = "get_season_settings",
    tag = "Seasons",
    responses((status = 200, description = "The season", body = SeasonDetail)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn settings(
    State(context): State<Context>,
    Organizer { season, .. }: Organizer,
) -> Result<Json<SeasonDetail>, WebError> {
    detail(&context, &season).await.map(Json)
}

/// Changes a season, and counts its leaderboard anew if that concerns it.
#[utoipa::path(
    patch,
    path = "/api/v1/seasons/{slug}",
    operation_id = "change_season",
    tag = "Seasons",
    request_body = SeasonPatch,
    responses(
        (status = 200, description = "The changed season", body = SeasonDetail),
        (status = 409, description = "The season is final or canceled"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn change(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Body(patch): Body<SeasonPatch>,
) -> Result<Json<SeasonDetail>, WebError> {
    let input = SeasonInput {
        name: patch.name,
        description: patch.description,
        first_day: patch.first_day,
        last_day: patch.last_day,
        registration_first_day: patch.registration_first_day,
        registration_last_day: patch.registration_last_day,
        consent: patch.consent,
        goal: patch.goal,
        rules: patch.rules.map(|rules| rules.to_string()),
        is_registered_only: patch.is_registered_only,
        unread: None,
    };
    let season = change_season(&context, viewer.actor(), &season.slug, input).await?;
    detail(&context, &season).await.map(Json)
}

/// Publishes a draft: everyone sees it, and people can register.
#[utoipa::path(
    post,
    path = "/api/v1/seasons/{slug}/publish",
    operation_id = "publish_season",
    tag = "Seasons",
    responses(
        (status = 200, description = "The published season", body = SeasonDetail),
        (status = 409, description = "The season is not a draft")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn publish(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
) -> Result<Json<SeasonDetail>, WebError> {
    let season = publish_season(&context, viewer.actor(), &season.slug).await?;
    detail(&context, &season).await.map(Json)
}

/// Cancels a draft, which stays invisible.
#[utoipa::path(
    post,
    path = "/api/v1/seasons/{slug}/cancel",
    operation_id = "cancel_season",
    tag = "Seasons",
    responses(
        (status = 200, description = "The canceled season", body = SeasonDetail),
        (status = 409, description = "The season is not a draft")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn cancel(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
) -> Result<Json<SeasonDetail>, WebError> {
    let season = cancel_season(&context, viewer.actor(), &season.slug).await?;
    detail(&context, &season).await.map(Json)
}

/// The reasons to sign off although something is not decided.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({ "unreviewed_work": "The project is no longer maintained." }))]
pub(super) struct SignOff {
    /// Why open flags are left.
    #[schema(max_length = 500)]
    open_flags: Option<String>,
    /// Why open disputes and appeals are left.
    #[schema(max_length = 500)]
    open_disputes: Option<String>,
    /// Why pull requests that wait for a review are left.
    #[schema(max_length = 500)]
    unreviewed_work: Option<String>,
}

/// Makes the results of a season final, once its points can no longer change. What is decided later is a numbered correction. While
/// something of the season is not decided, this is refused without a reason.
#[utoipa::path(
    post,
    path = "/api/v1/seasons/{slug}/sign-off",
    operation_id = "sign_off_season",
    tag = "Seasons",
    request_body = SignOff,
    responses(
        (status = 200, description = "The season with final results", body = SeasonDetail),
        (status = 409, description = "The season is not over, its points may still change, something is not decided, or its results are final"),
        (status = 422, description = "A reason is not valid")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn sign_off(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Body(body): Body<SignOff>,
) -> Result<Json<SeasonDetail>, WebError> {
    let given = [
        (SignOffBlocker::OpenFlags, body.open_flags.as_deref()),
        (SignOffBlocker::OpenDisputes, body.open_disputes.as_deref()),
        (SignOffBlocker::UnreviewedWork, body.unreviewed_work.as_deref()),
    ];
    let given = given.map(|(blocker, reason)| (blocker, reason.unwrap_or_default()));
    let reasons = reasons(given)?;
    let season = sign_off_season(&context, viewer.actor(), &season.slug, &reasons).await?;
    detail(&context, &season).await.map(Json)
}
