//! The issues that fit a person.

use axum::{Extension, Json, extract::State};
use identity::access::SignedIn;
use platform::{
    Context,
    web::{self, Body, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::views::Opportunity;
use crate::{
    access::{
        SearchQuery,
        matches::{self, MatchRequest, MatchedOpportunity},
    },
    model::MatchPart,
    reads,
    search::{Catalog, Pool},
};

/// The issues that are asked for. What is absent does not narrow them.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "q": "checksum", "limit": 5 }))]
pub(super) struct MatchInput {
    /// The words to search for.
    #[serde(default)]
    #[schema(max_length = 300)]
    q: Option<String>,
    /// The language in which the work is done.
    #[serde(default)]
    #[schema(max_length = 100)]
    language: Option<String>,
    /// True to get only issues that teach you one new skill.
    #[serde(default)]
    is_learning: Option<bool>,
    /// The number of items per page: 20 by default, at most 100.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` from the previous page.
    #[serde(default)]
    #[schema(max_length = 100)]
    cursor: Option<String>,
}

/// Issues that fit you.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct MatchList {
    /// The issues of this page.
    items: Vec<FittingOpportunity>,
    /// Pass it as `cursor` to get the next page. Null on the last page.
    next_cursor: Option<String>,
    /// The number of issues on all pages, at most 200.
    total: usize,
}

/// An issue with its fit.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct FittingOpportunity {
    #[serde(flatten)]
    opportunity: Opportunity,
    /// The fit.
    #[serde(rename = "match")]
    fit: Fit,
    /// True if you saved it.
    is_saved: bool,
    /// True if you started on it.
    is_started: bool,
    /// True if you found it helpful.
    is_helpful: bool,
    /// The skill that it teaches, in words. Null if it teaches not exactly one.
    teaches: Option<String>,
}

/// How well an issue fits you.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Fit {
    /// The fit, 0 to 1: the sum of the values of the parts, each with its weight, less what dismissals take away.
    total: f64,
    /// The six parts.
    parts: Vec<FitPart>,
    /// The value that issues which you dismissed take away.
    lowered: f64,
    /// Why they do, in words.
    lowered_because: Option<String>,
}

/// A part of a fit.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct FitPart {
    /// The part: `skill`, `language`, `interest`, `difficulty`, `availability` or `experience`.
    #[schema(value_type = String)]
    part: MatchPart,
    /// Its value, 0 to 1; 0.5 if it is unknown.
    value: f64,
    /// Its weight.
    weight: f64,
    /// False if it is unknown.
    is_known: bool,
    /// The evidence in words.
    evidence: String,
}

impl FittingOpportunity {
    fn of(own: MatchedOpportunity) -> Self {
        let parts = own.fit.parts.into_iter().map(|part| FitPart {
            part: part.part,
            value: part.value,
            weight: part.weight,
            is_known: part.is_known,
            evidence: part.evidence,
        });
        Self {
            opportunity: Opportunity::of(&own.opportunity),
            fit: Fit {
                total: own.fit.total,
                parts: parts.collect(),
                lowered: own.fit.lowered,
                lowered_because: own.fit.lowered_because,
            },
            is_saved: own.stated.is_saved,
            is_started: own.stated.is_started,
            is_helpful: own.stated.is_helpful,
            teaches: own.teaches,
        }
    }
}

/// Lists the open issues that fit you best, from your preferences, your merged pull requests and the issues that you
/// dismissed. People with equal profiles get different orders, so that not everyone works on the same issue; with words, the
/// best fit is first.
#[utoipa::path(
    post,
    path = "/api/v1/opportunities/match",
    operation_id = "match_opportunities",
    tag = "Discovery",
    request_body = MatchInput,
    responses(
        (status = 200, description = "A page of issues", body = MatchList),
        (status = 422, description = "A value is out of range"),
        (status = 503, description = "The search index is being built")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    Extension(catalog): Extension<Catalog>,
    Extension(pool): Extension<Pool>,
    SignedIn(viewer): SignedIn,
    Body(input): Body<MatchInput>,
) -> Result<Json<MatchList>, WebError> {
    let asked = MatchRequest {
        start: matches::start(&input.cursor.unwrap_or_default())?,
        limit: usize::try_from(web::limit(input.limit)?).unwrap_or(1),
        is_learning: input.is_learning.unwrap_or_default(),
        query: SearchQuery {
            q: input.q.unwrap_or_default(),
            language: input.language.unwrap_or_default(),
            ..SearchQuery::default()
        },
    };
    let id = viewer.user_id;
    let profiled = reads::profiled(&context.db, id).await?;
    let found = matches::matches(&context, &catalog, &pool, id, &profiled.person, &asked).await?;
    Ok(Json(MatchList {
        items: found.items.into_iter().map(FittingOpportunity::of).collect(),
        next_cursor: found.next,
        total: found.total,
    }))
}
