//! The preferences of a person, and the issues that they saved or dismissed.

use axum::{Json, extract::State, http::StatusCode};
use identity::access::SignedIn;
use kernel::Timestamp;
use notifications::rules::clock;
use platform::{
    Context,
    web::{Body, List, ListQuery, Paged, Path, Query, WebError, bad_cursor},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::views::Opportunity;
use crate::{
    actions,
    model::{DismissalReason, FeedbackKind, Level, Preferences, WorkKind},
    reads,
    rules::preferences::{StatedPreferences, WEEKDAYS},
};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(get, set))
        .routes(routes!(save, unsave))
        .routes(routes!(dismiss, restore))
        .routes(routes!(saved))
}

/// Your preferences about issues. Your time zone, your quiet hours and the channels are in your notification settings.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct PreferencesView {
    /// Your skills.
    skills: Vec<String>,
    /// Your languages.
    languages: Vec<String>,
    /// Topics that you follow.
    interests: Vec<String>,
    /// Topics that you never want.
    excluded_topics: Vec<String>,
    /// The types of work that you want: `documentation`, `bug`, `feature`, `review` or `other`. All if it is empty.
    types: Vec<&'static str>,
    /// Your experience: `beginner`, `intermediate` or `advanced`. Null if your merged pull requests decide.
    level: Option<&'static str>,
    /// The highest difficulty, 0 to 10.
    max_complexity: f64,
    /// The lowest impact, 0 to 10.
    min_impact: f64,
    /// The hours a week that you have. Null if unknown.
    hours_a_week: Option<f64>,
    /// How often you get the five best issues: `never`, `daily` or `weekly`.
    digest: &'static str,
    /// The time of day at which you get them, `HH:MM`.
    digest_time: String,
    /// The day on which you get them if weekly, such as `monday`.
    digest_weekday: &'static str,
    /// The worth, 0 to 1, from which you are notified at once of a new issue that fits you. 0 if never.
    instant_threshold: f64,
    /// The most such notices a day.
    most_a_day: i64,
}

impl From<Preferences> for PreferencesView {
    fn from(own: Preferences) -> Self {
        let day = usize::try_from(own.digest_weekday).unwrap_or_default();
        let threshold = own.instant_threshold;
        Self {
            types: own.types.iter().map(|kind| WorkKind::as_str(*kind)).collect(),
            level: own.level.map(Level::as_str),
            digest: own.digest.as_str(),
            digest_time: clock(own.digest_minute),
            digest_weekday: WEEKDAYS.get(day).copied().unwrap_or(WEEKDAYS[0]),
            instant_threshold: if threshold <= 1.0 { threshold } else { 0.0 },
            skills: own.skills,
            languages: own.languages,
            interests: own.interests,
            excluded_topics: own.excluded,
            max_complexity: own.max_complexity,
            min_impact: own.min_impact,
            hours_a_week: own.hours_a_week,
            most_a_day: own.most_a_day,
        }
    }
}

/// Preferences about issues. What is absent or null gets its default.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "skills": ["databases"], "languages": ["Rust"], "interests": ["tide tables"], "excluded_topics": [],
    "types": ["bug", "documentation"], "level": "intermediate", "max_complexity": 6, "hours_a_week": 5,
    "digest": "weekly", "digest_weekday": "friday", "digest_time": "08:30"
}))]
pub(super) struct PreferencesInput {
    /// Your skills: at most 30, each of at most 50 characters. Spellings of the dictionary of skills are united.
    #[schema(max_items = 100)]
    skills: Option<Vec<String>>,
    /// Your languages, at most 30.
    #[schema(max_items = 100)]
    languages: Option<Vec<String>>,
    /// Topics that you follow, at most 30.
    #[schema(max_items = 100)]
    interests: Option<Vec<String>>,
    /// Topics that you never want, at most 30.
    #[schema(max_items = 100)]
    excluded_topics: Option<Vec<String>>,
    /// The types of work that you want: `documentation`, `bug`, `feature`, `review` or `other`.
    #[schema(max_items = 100)]
    types: Option<Vec<String>>,
    /// Your experience: `beginner`, `intermediate` or `advanced`.
    level: Option<String>,
    /// The highest difficulty.
    #[schema(minimum = 0, maximum = 10)]
    max_complexity: Option<f64>,
    /// The lowest impact.
    #[schema(minimum = 0, maximum = 10)]
    min_impact: Option<f64>,
    /// The hours a week that you have.
    #[schema(minimum = 0, maximum = 168)]
    hours_a_week: Option<f64>,
    /// How often you get the five best issues: `never`, `daily` or `weekly`.
    digest: Option<String>,
    /// The time of day at which you get them, `HH:MM`.
    digest_time: Option<String>,
    /// The day on which you get them if weekly, such as `monday`.
    digest_weekday: Option<String>,
    /// The worth, 0 to 1, from which you are notified at once of a new issue that fits you; 0 turns this off.
    #[schema(minimum = 0, maximum = 1)]
    instant_threshold: Option<f64>,
    /// The most such notices a day.
    #[schema(minimum = 1, maximum = 100)]
    most_a_day: Option<i64>,
}

impl From<PreferencesInput> for StatedPreferences {
    fn from(own: PreferencesInput) -> Self {
        Self {
            skills: own.skills.unwrap_or_default(),
            languages: own.languages.unwrap_or_default(),
            interests: own.interests.unwrap_or_default(),
            excluded: own.excluded_topics.unwrap_or_default(),
            types: own.types.unwrap_or_default(),
            level: own.level,
            max_complexity: own.max_complexity,
            min_impact: own.min_impact,
            hours_a_week: own.hours_a_week,
            digest: own.digest,
            digest_time: own.digest_time,
            digest_weekday: own.digest_weekday,
            instant_threshold: own.instant_threshold,
            most_a_day: own.most_a_day,
        }
    }
}

/// Returns your preferences about issues, or the defaults before you stated some.
#[utoipa::path(
    get,
    path = "/api/v1/preferences",
    operation_id = "get_preferences",
    tag = "Discovery",
    responses((status = 200, description = "Your preferences", body = PreferencesView)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn get(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<PreferencesView>, WebError> {
    let found = reads::profiled(&context.db, viewer.user_id).await?;
    Ok(Json(found.stated.unwrap_or_default().into()))
}

/// Sets your preferences about issues, in place of the earlier ones.
#[utoipa::path(
    put,
    path = "/api/v1/preferences",
    operation_id = "set_preferences",
    tag = "Discovery",
    request_body = PreferencesInput,
    responses(
        (status = 200, description = "Your preferences", body = PreferencesView),
        (status = 422, description = "A value is unknown, too long or out of range")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn set(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Body(input): Body<PreferencesInput>,
) -> Result<Json<PreferencesView>, WebError> {
    let stated = input.into();
    let own = actions::state_preferences(&context, viewer.user_id, &stated).await?;
    Ok(Json(own.into()))
}

/// Saves an issue, so that you find it again.
#[utoipa::path(
    post,
    path = "/api/v1/opportunities/{id}/save",
    operation_id = "save_opportunity",
    tag = "Discovery",
    responses(
        (status = 204, description = "It is saved"),
        (status = 409, description = "You saved as many as one person can")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn save(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, WebError> {
    actions::save(&context, viewer.user_id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes an issue from those that you saved.
#[utoipa::path(
    delete,
    path = "/api/v1/opportunities/{id}/save",
    operation_id = "unsave_opportunity",
    tag = "Discovery",
    responses(
        (status = 204, description = "It is not saved"),
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn unsave(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, WebError> {
    actions::withdraw(&context, viewer.user_id, id, FeedbackKind::Saved).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The reason for dismissing an issue.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "too_hard" }))]
pub(super) struct DismissInput {
    /// The reason: `unknown_skill`, `too_hard`, `too_long`, `quiet_repository` or `other`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    reason: Option<DismissalReason>,
}

/// Dismisses an issue: it is no longer proposed to you, and similar ones less often.
#[utoipa::path(
    post,
    path = "/api/v1/opportunities/{id}/dismiss",
    operation_id = "dismiss_opportunity",
    tag = "Discovery",
    request_body = DismissInput,
    responses((status = 204, description = "It is dismissed")),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn dismiss(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<Uuid>,
    Body(input): Body<DismissInput>,
) -> Result<StatusCode, WebError> {
    let reason = input.reason.unwrap_or(DismissalReason::Other);
    actions::dismiss(&context, viewer.user_id, id, reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a dismissed issue be proposed to you again.
#[utoipa::path(
    delete,
    path = "/api/v1/opportunities/{id}/dismiss",
    operation_id = "restore_opportunity",
    tag = "Discovery",
    responses(
        (status = 204, description = "It is not dismissed"),
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn restore(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, WebError> {
    actions::withdraw(&context, viewer.user_id, id, FeedbackKind::Dismissed).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An issue that you saved.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SavedOpportunity {
    #[serde(flatten)]
    opportunity: Opportunity,
    /// When you saved it.
    #[schema(value_type = String, format = DateTime)]
    saved_at: Timestamp,
}

/// Lists the issues that you saved, latest first.
#[utoipa::path(
    get,
    path = "/api/v1/me/saved-opportunities",
    operation_id = "list_saved_opportunities",
    tag = "Discovery",
    params(ListQuery),
    responses(
        (status = 200, description = "A page of issues", body = List<SavedOpportunity>),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn saved(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<SavedOpportunity>>, WebError> {
    let limit = query.limit()?;
    let read = |cursor: &str| Uuid::parse_str(cursor).map_err(|_| bad_cursor());
    let before = query.cursor.as_deref().map(read).transpose()?;
    let found = reads::saved(&context.db, viewer.user_id, before, limit).await?;
    Ok(Paged(found.map(|own| SavedOpportunity {
        opportunity: Opportunity::of(&own.opportunity),
        saved_at: own.saved_at,
    })))
}
