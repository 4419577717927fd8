use axum::extract::State;
use identity::access::EvenBanned;
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{Body, Created, List, ListQuery, Paged, Query, WebError, cursor_after},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Dispute;
use crate::{
    access::may_contest,
    actions::{NewDispute, open_dispute},
    model::DisputeKind,
    reads,
};

/// Lists the disputes that you opened, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/disputes",
    operation_id = "list_disputes",
    tag = "Disputes",
    params(ListQuery),
    responses(
        (status = 200, description = "A page of your disputes", body = List<Dispute>),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    EvenBanned(viewer): EvenBanned,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Dispute>>, WebError> {
    let (limit, place) = (query.limit()?, query.place()?);
    let found = reads::own_disputes(&context.db, viewer.user_id, place, limit + 1).await?;
    let found = List::cut(found, limit, |dispute| cursor_after((dispute.opened_at, dispute.id)));
    Ok(Paged(found.map(Into::into)))
}

/// A dispute to open.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "score", "target": "octo-org/lantern#7", "text": "The label was set by mistake."
}))]
pub(super) struct DisputeInput {
    /// The kind of decision that you contest.
    kind: DisputeKind,
    /// The thing: a pull request such as `octo-org/lantern#7`, a flag such as `F-12`, or the ID of a sanction or a ban.
    #[schema(min_length = 1, max_length = 300)]
    target: String,
    /// Your reasons.
    #[schema(min_length = 1, max_length = 5000)]
    text: String,
}

/// The number of a new dispute.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "number": 12 }))]
pub(super) struct DisputeNumber {
    /// The number, as in D-12.
    number: i64,
}

/// Contests the points of a pull request, a confirmed flag, a sanction or your ban, once and within 14 days. Moderators and
/// the maintainers of the project are notified. While you are banned, you can contest only the ban.
#[utoipa::path(
    post,
    path = "/api/v1/disputes",
    operation_id = "open_dispute",
    tag = "Disputes",
    params(IdempotencyKey),
    request_body = DisputeInput,
    responses(
        (status = 201, description = "The dispute", body = DisputeNumber),
        (status = 404, description = "You have nothing of this kind to contest"),
        (status = 409, description = "You contested it before, or the time is over"),
        (status = 422, description = "The target has another form, or the text is empty or too long")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn open(
    State(context): State<Context>,
    EvenBanned(viewer): EvenBanned,
    Body(input): Body<DisputeInput>,
) -> Result<Created<DisputeNumber>, WebError> {
    may_contest(&viewer, input.kind)?;
    let new = NewDispute { kind: input.kind, target: input.target, text: input.text };
    let number = open_dispute(&context, viewer.user_id, &new).await?;
    Ok(Created { location: format!("/api/v1/disputes/{number}"), body: DisputeNumber { number } })
}
