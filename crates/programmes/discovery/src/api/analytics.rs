//! Figures of a person's contributions.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use identity::access::SignedIn;
use platform::{Context, web::WebError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    model::{ClaimStatus, FeedbackKind},
    reads,
    rules::outcomes::Outcomes,
};

/// The figures of your claims.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "active": 1, "queued": 0, "completed": 3, "released": 1, "expired": 0, "merged": 3, "closed": 1, "hours": 6.5,
    "difficulty": 2.5, "learning": 4.0, "months": [{ "month": "2026-10", "completed": 3, "hours": 6.5 }],
    "languages": [{ "language": "Rust", "completed": 2 }],
    "stated": { "saved": 4, "dismissed": 2, "started": 3, "helpful": 1 }
}))]
pub(super) struct ContributionAnalytics {
    /// The issues that you work on.
    active: usize,
    /// The queues that you are in.
    queued: usize,
    /// The claims that a pull request of yours completed.
    completed: usize,
    /// The claims that you released, or whose issue could no longer be done.
    released: usize,
    /// The claims whose time passed.
    expired: usize,
    /// The claims whose pull request was merged.
    merged: usize,
    /// The claims whose pull request was closed without being merged.
    closed: usize,
    /// The hours that you stated, of all claims.
    hours: f64,
    /// The mean difficulty that you stated, 1 to 5. Null if you stated none.
    difficulty: Option<f64>,
    /// The mean of how much you learned, 1 to 5. Null if you stated nothing.
    learning: Option<f64>,
    /// The last 12 months with completed claims, latest first.
    months: Vec<MonthAnalytics>,
    /// The languages of completed claims, most first.
    languages: Vec<LanguageAnalytics>,
    /// Your statements about issues: the number of issues by `saved`, `dismissed`, `started` and `helpful`.
    #[schema(value_type = BTreeMap<String, i64>)]
    stated: BTreeMap<&'static str, i64>,
}

/// Your claims that were completed in a month.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "month": "2026-10", "completed": 3, "hours": 6.5 }))]
pub(super) struct MonthAnalytics {
    /// The month in UTC: `YYYY-MM`.
    month: String,
    /// The number of claims.
    completed: usize,
    /// The hours that you stated for them.
    hours: f64,
}

/// Your completed claims to issues of a language.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "language": "Rust", "completed": 2 }))]
pub(super) struct LanguageAnalytics {
    /// The language.
    language: String,
    /// The number of claims.
    completed: usize,
}

impl ContributionAnalytics {
    fn of(sum: Outcomes, stated: &[(FeedbackKind, i64)]) -> Self {
        Self {
            active: sum.count(ClaimStatus::Active),
            queued: sum.count(ClaimStatus::Queued),
            completed: sum.count(ClaimStatus::Completed),
            released: sum.count(ClaimStatus::Released),
            expired: sum.count(ClaimStatus::Expired),
            merged: sum.merged,
            closed: sum.closed,
            hours: sum.hours,
            difficulty: sum.difficulty,
            learning: sum.learning,
            months: sum
                .months
                .into_iter()
                .map(|of| MonthAnalytics {
                    month: of.month.to_string(),
                    completed: of.completed,
                    hours: of.hours,
                })
                .collect(),
            languages: sum
                .languages
                .into_iter()
                .map(|(language, completed)| LanguageAnalytics { language, completed })
                .collect(),
            stated: stated.iter().map(|(kind, count)| (kind.as_str(), *count)).collect(),
        }
    }
}

/// Sums up what came of the issues that you claimed: states, pull requests, hours and ratings, by month and language;
/// and what you stated about issues.
#[utoipa::path(
    get,
    path = "/api/v1/analytics/contributions",
    operation_id = "get_contribution_analytics",
    tag = "Discovery",
    responses((status = 200, description = "The figures", body = ContributionAnalytics)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn contributions(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<ContributionAnalytics>, WebError> {
    let person = viewer.user_id;
    let sum = reads::claims::outcomes(&context.db, person).await?;
    let stated = reads::feedback_counts(&context.db, Some(person)).await?;
    Ok(Json(ContributionAnalytics::of(sum, &stated)))
}
