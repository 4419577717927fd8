use axum::{Json, extract::State};
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{All, Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{self, PullMaintainer},
    actions::{GivenReview, NewReview, give_review},
    model::{ReviewAction, ReviewVerdict},
    reads,
    rules::review::ReviewWords,
};

/// A review of a pull request.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Review)]
pub(super) struct ReviewView {
    /// The review's ID.
    id: Uuid,
    /// The action: `STARTED_REVIEW`, `REQUESTED_CHANGES`, `APPROVED`, `REJECTED`, `COMMENTED`, `RELEASED`, `RATED`,
    /// `OVERRODE`, `MARKED_SPAM`, `UNMARKED_SPAM`, `MARKED_LOW_VALUE` or `UNMARKED_LOW_VALUE`.
    action: &'static str,
    /// The reviewer's login.
    reviewer: String,
    /// The rating, 1 to 5.
    rating: Option<i64>,
    /// The decision in a conflict of reviews: `APPROVED` or `CHANGES_REQUESTED`.
    decision: Option<&'static str>,
    /// True for the release of a review that was idle for 14 days.
    is_automatic: bool,
    /// The comment that everyone can read.
    public_comment: Option<String>,
    /// The comment that only maintainers of the project can read. Null in the public list.
    internal_comment: Option<String>,
    /// When the review was given.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<reads::ReviewView> for ReviewView {
    fn from(review: reads::ReviewView) -> Self {
        Self {
            id: review.id,
            action: review.action.as_str(),
            reviewer: review.reviewer,
            rating: review.rating,
            decision: review.decision.map(ReviewVerdict::as_str),
            is_automatic: review.is_automatic,
            public_comment: review.public_comment,
            internal_comment: review.internal_comment,
            created_at: review.at,
        }
    }
}

/// A review to give.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "action": "APPROVED", "rating": 4, "public_comment": "Well tested.", "internal_comment": "Merge after the release."
}))]
pub(super) struct ReviewInput {
    /// The action: `STARTED_REVIEW`, `REQUESTED_CHANGES`, `APPROVED`, `REJECTED`, `COMMENTED`, `RELEASED`, `RATED`,
    /// `OVERRODE`, `MARKED_SPAM`, `UNMARKED_SPAM`, `MARKED_LOW_VALUE` or `UNMARKED_LOW_VALUE`.
    #[schema(
        pattern = "^(STARTED_REVIEW|REQUESTED_CHANGES|APPROVED|REJECTED|COMMENTED|RELEASED|RATED|OVERRODE|MARKED_SPAM|UNMARKED_SPAM|MARKED_LOW_VALUE|UNMARKED_LOW_VALUE)$"
    )]
    action: String,
    /// The rating, 1 (poor) to 5 (excellent). Required by `RATED`, and allowed with a decision or a comment.
    #[schema(minimum = 1, maximum = 5)]
    rating: Option<i64>,
    /// The decision in a conflict of reviews: `APPROVED` or `CHANGES_REQUESTED`. Required by `OVERRODE`.
    #[schema(pattern = "^(APPROVED|CHANGES_REQUESTED)$")]
    decision: Option<String>,
    /// The comment that everyone can read, and that the author is sent. Required by `REQUESTED_CHANGES`, `REJECTED`,
    /// `OVERRODE`, `MARKED_SPAM`, `UNMARKED_SPAM`, `MARKED_LOW_VALUE` and `UNMARKED_LOW_VALUE`.
    #[schema(max_length = 10000)]
    public_comment: Option<String>,
    /// The comment that only maintainers of the project can read.
    #[schema(max_length = 10000)]
    internal_comment: Option<String>,
}

impl ReviewInput {
    fn read(self) -> Result<NewReview, Problem> {
        let decision = self.decision.as_deref().map(str::parse).transpose();
        Ok(NewReview {
            action: action(&self.action)?,
            rating: self.rating,
            decision: decision.map_err(unknown_decision)?,
            words: ReviewWords {
                public_comment: self.public_comment,
                internal_comment: self.internal_comment,
            },
        })
    }
}

fn action(code: &str) -> Result<ReviewAction, Problem> {
    let unknown = |detail: String| {
        Problem::new(ProblemKind::Invalid, "BAD_REVIEW_ACTION", detail).at("action")
    };
    code.parse().map_err(unknown)
}

fn unknown_decision(detail: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_DECISION", detail).at("decision")
}

/// The state of the pull request after a review.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "review_id": "01920000-0000-7000-8000-000000000000", "state": "APPROVED", "has_conflict": false
}))]
pub(super) struct ReviewResult {
    /// The ID of the review, or of the earlier one that it repeats. Null if you were already reviewing the pull request, so
    /// that nothing changed.
    review_id: Option<Uuid>,
    /// The state: `OPEN`, `UNDER_REVIEW`, `CHANGES_REQUESTED`, `APPROVED`, `MERGED` or `CLOSED`.
    state: &'static str,
    /// True if an approval and a request for changes contradict each other.
    has_conflict: bool,
}

impl From<GivenReview> for ReviewResult {
    fn from(given: GivenReview) -> Self {
        Self { review_id: given.id, state: given.state.as_str(), has_conflict: given.has_conflict }
    }
}

/// Lists the reviews of a pull request that were given on this server, oldest first, with what everyone can read.
#[utoipa::path(
    get,
    path = "/api/v1/pull-requests/{owner}/{repository}/{number}/reviews",
    operation_id = "list_reviews",
    tag = "Pull requests",
    responses((status = 200, description = "The reviews", body = All<ReviewView>))
)]
pub(super) async fn reviews(
    State(context): State<Context>,
    Path((owner, repository, number)): Path<(String, String, i64)>,
) -> Result<Json<All<ReviewView>>, WebError> {
    let full_name = format!("{owner}/{repository}");
    let (pull, _) = access::pull_request(&context, &full_name, &number.to_string()).await?;
    let found = reads::reviews(&context.db, pull.id.into()).await?.into_iter();
    let public = found.filter_map(reads::ReviewView::public);
    Ok(Json(All::of(public)))
}

/// Lists the reviews of a pull request that were given on this server, oldest first, with internal comments.
#[utoipa::path(
    get,
    path = "/api/v1/pull-requests/{owner}/{repository}/{number}/reviews/internal",
    operation_id = "list_internal_reviews",
    tag = "Pull requests",
    responses((status = 200, description = "The reviews", body = All<ReviewView>)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn internal_reviews(
    State(context): State<Context>,
    PullMaintainer { pull, .. }: PullMaintainer,
) -> Result<Json<All<ReviewView>>, WebError> {
    let found = reads::reviews(&context.db, pull.id.into()).await?;
    Ok(Json(All::of(found)))
}

/// Reviews a pull request: starts a review, decides, rates, comments, releases the review, overrides a conflict, or marks
/// the pull request as spam. The author is notified, except of internal comments.
#[utoipa::path(
    post,
    path = "/api/v1/pull-requests/{owner}/{repository}/{number}/reviews",
    operation_id = "give_review",
    tag = "Pull requests",
    params(IdempotencyKey),
    request_body = ReviewInput,
    responses(
        (status = 200, description = "The state after the review", body = ReviewResult),
        (status = 409, description = "The state of the pull request does not permit the action, or its reviews are closed"),
        (status = 422, description = "The action, the rating or the decision is unknown, or a comment is missing or too long")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn give(
    State(context): State<Context>,
    maintainer: PullMaintainer,
    Body(input): Body<ReviewInput>,
) -> Result<Json<ReviewResult>, WebError> {
    let pull = maintainer.pull.id.into();
    let given = give_review(&context, maintainer.reviewing(), pull, input.read()?).await?;
    Ok(Json(given.into()))
}
