use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use kernel::Points;
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{All, Body, Created, Path, WebError},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Rules;
use crate::{
    access::{self, Maintainer},
    actions::{NewRules, RulesPreview, preview_rules, publish_rules},
    reads::{self, RulesVersion},
    rules::{
        Candidate, SCHEMA,
        comparison::{PullChange, RankChange},
        refusal,
    },
};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(rules, publish))
        .routes(routes!(preview))
        .routes(routes!(schema))
}

/// Lists all versions of a project's rules, oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{slug}/rules",
    operation_id = "list_project_rules",
    tag = "Projects",
    responses((status = 200, description = "All versions, oldest first", body = All<Rules>))
)]
async fn rules(
    State(context): State<Context>,
    Path(slug): Path<String>,
) -> Result<Json<All<Rules>>, WebError> {
    let versions = access::project_detail(&context, &slug).await?.rules;
    Ok(Json(All::of(versions)))
}

impl From<RulesVersion> for Rules {
    fn from(version: RulesVersion) -> Self {
        Self {
            document: version.stated(),
            version: version.version,
            published_at: version.published_at,
        }
    }
}

/// Rules to publish.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "document": { "merged": 60, "types": { "docs": 0.5 } }, "based_on": 1 }))]
struct RulesInput {
    /// The rules that differ from the defaults, at most 64 KiB. `/api/v1/schemas/rules` has the JSON Schema.
    #[schema(value_type = BTreeMap<String, Value>)]
    document: Box<RawValue>,
    /// The number of the version that the document was derived from. If another version is current, the request is refused.
    #[schema(minimum = 1)]
    based_on: i64,
}

/// Publishes a version of a project's rules, which scores the pull requests that are opened from then on. The monthly
/// cap, diminishing returns and the limit on new pull requests apply from the next month.
#[utoipa::path(
    post,
    path = "/api/v1/projects/{slug}/rules",
    operation_id = "publish_project_rules",
    tag = "Projects",
    params(IdempotencyKey),
    request_body = RulesInput,
    responses(
        (status = 201, description = "The version is published", body = Rules),
        (status = 409, description = "Another version is current, the project is archived, or these rules are current"),
        (status = 422, description = "The document is not valid. `errors` lists every invalid field")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
async fn publish(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Body(input): Body<RulesInput>,
) -> Result<Created<Rules>, WebError> {
    let new =
        NewRules { document: input.document.get().to_owned(), based_on: Some(input.based_on) };
    let published = publish_rules(&context, viewer.actor(), &project.slug, new).await?;
    Ok(Created {
        location: format!("/api/v1/projects/{}/rules", project.slug),
        body: published.into(),
    })
}

/// Rules to check.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "document": { "merged": 60, "types": { "docs": 0.5 } } }))]
struct RulesDraft {
    /// The rules that differ from the defaults, at most 64 KiB. `/api/v1/schemas/rules` has the JSON Schema.
    #[schema(value_type = BTreeMap<String, Value>)]
    document: Box<RawValue>,
}

/// The effect that rules would have had on the pull requests of the last 30 days.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "based_on": 1, "from": "2026-10-02T00:00:00Z", "to": "2026-11-01T00:00:00Z", "pull_request_count": 42,
    "is_cut": false, "points_before": 2310, "points_after": 2540, "changed_count": 23,
    "largest_changes": [
        { "full_name": "octo-org/lantern", "number": 17, "points_before": 80, "points_after": 102 }
    ],
    "gained_rank_count": 1, "lost_rank_count": 1,
    "rank_changes": [{ "login": "wren-oak", "rank_before": 3, "rank_after": 2 }]
}))]
struct RulesEffect {
    /// The number of the current version.
    based_on: i64,
    /// The pull requests were opened since then.
    #[schema(value_type = String, format = DateTime)]
    from: kernel::Timestamp,
    /// The pull requests were opened until then.
    #[schema(value_type = String, format = DateTime)]
    to: kernel::Timestamp,
    /// The number of pull requests.
    pull_request_count: usize,
    /// True if there are more than 20,000, of which only the latest are counted.
    is_cut: bool,
    /// The points by the published versions. Pending points are included.
    points_before: Points,
    /// The points if the document had applied since the start.
    points_after: Points,
    /// The number of pull requests whose points differ.
    changed_count: usize,
    /// The pull requests whose points differ most, at most 20.
    largest_changes: Vec<PullEffect>,
    /// The number of people whose rank by these points would have been better.
    gained_rank_count: usize,
    /// The number of people whose rank by these points would have been worse.
    lost_rank_count: usize,
    /// The people whose rank differs most, at most 20.
    rank_changes: Vec<RankEffect>,
}

/// The points of a pull request by two versions of the rules.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PullEffect {
    /// The repository, as `owner/name`. Null for a private repository.
    full_name: Option<String>,
    /// The number in the repository. Null for a private repository.
    number: Option<i64>,
    /// The points by the published versions.
    points_before: Points,
    /// The points by the document.
    points_after: Points,
}

/// The rank of a person by two versions of the rules.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct RankEffect {
    /// The person's login.
    login: String,
    /// The rank by the published versions. Null without points.
    rank_before: Option<u32>,
    /// The rank by the document. Null without points.
    rank_after: Option<u32>,
}

impl RulesEffect {
    fn of(preview: &RulesPreview, based_on: i64) -> Self {
        let comparison = &preview.comparison;
        let pulls = comparison.largest.iter();
        let ranks = comparison.ranks.iter();
        Self {
            based_on,
            from: preview.from,
            to: preview.to,
            pull_request_count: preview.pull_requests,
            is_cut: preview.is_cut,
            points_before: comparison.before,
            points_after: comparison.after,
            changed_count: comparison.changed,
            largest_changes: pulls.map(|pull| PullEffect::of(pull, preview)).collect(),
            gained_rank_count: comparison.gained,
            lost_rank_count: comparison.lost,
            rank_changes: ranks.map(|rank| RankEffect::of(rank, preview)).collect(),
        }
    }
}

impl PullEffect {
    fn of(change: &PullChange, preview: &RulesPreview) -> Self {
        let pull = preview.named.get(&change.pull_request_id.0);
        Self {
            full_name: pull.map(|pull| pull.full_name.clone()),
            number: pull.map(|pull| pull.number),
            points_before: change.before,
            points_after: change.after,
        }
    }
}

impl RankEffect {
    fn of(change: &RankChange, preview: &RulesPreview) -> Self {
        let login = preview.logins.get(&change.user_id).cloned();
        Self {
            login: login.unwrap_or_default(),
            rank_before: change.before,
            rank_after: change.after,
        }
    }
}

/// Checks a rules document, and calculates what the pull requests of the last 30 days would have earned by it. Changes
/// nothing.
#[utoipa::path(
    post,
    path = "/api/v1/projects/{slug}/rules/preview",
    operation_id = "preview_project_rules",
    tag = "Projects",
    request_body = RulesDraft,
    responses(
        (status = 200, description = "The effect of the rules", body = RulesEffect),
        (status = 422, description = "The document is not valid. `errors` lists every invalid field")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
async fn preview(
    State(context): State<Context>,
    Maintainer { project, .. }: Maintainer,
    Body(draft): Body<RulesDraft>,
) -> Result<Json<RulesEffect>, WebError> {
    let candidate = Candidate::read(draft.document.get()).map_err(|errors| refusal(&errors))?;
    let current = reads::current_rules(&context.db, project.id.into()).await?;
    let document = candidate.document;
    let preview = preview_rules(&context, &project, &current, document).await?;
    Ok(Json(RulesEffect::of(&preview, current.version)))
}

/// Returns the JSON Schema of rules documents, with examples and the default of each field.
#[utoipa::path(
    get,
    path = "/api/v1/schemas/rules",
    operation_id = "get_rules_schema",
    tag = "Projects",
    responses(
        (status = 200, description = "The JSON Schema (draft 2020-12)", body = Object, content_type = "application/schema+json")
    )
)]
async fn schema() -> Response {
    ([(header::CONTENT_TYPE, "application/schema+json")], SCHEMA).into_response()
}
