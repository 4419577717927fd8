use axum::{Json, extract::State};
use kernel::Problem;
use platform::{
    Context,
    web::{Body, List, ListQuery, Paged, Path, Query, WebError, bad_cursor},
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Submission;
use crate::{
    access::{Organizer, unknown_submission},
    actions,
    model::SubmissionId,
    reads::{self, SubmissionPart},
    rules::{invalid, rulings::Ruling},
};

/// Reads the cursor of a list of submissions.
pub(super) fn place(cursor: &str) -> Result<SubmissionId, Problem> {
    let id = Uuid::try_parse(cursor).map_err(|_| bad_cursor())?;
    Ok(id.into())
}

/// Lists what was submitted to a hackathon, in the order in which teams began. Drafts are not listed.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/submissions",
    operation_id = "list_submissions",
    tag = "Hackathons",
    params(ListQuery),
    responses((status = 200, description = "A page of submissions", body = List<Submission>)),
    security(("session" = ["organizer"]), ("bearer" = ["read"]))
)]
pub(in super::super) async fn list(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Submission>>, WebError> {
    let limit = query.limit()?;
    let after = query.cursor.as_deref().map(place).transpose()?;
    let (db, part) = (&context.db, SubmissionPart::Submitted);
    let found = reads::submissions(db, hackathon.key(), part, after, limit + 1).await?;
    let found = List::cut(found, limit, |submission| submission.id.to_string());
    let now = context.now();
    Ok(Paged(found.map(|it| Submission::of(it, &hackathon, now))))
}

/// Returns a submission with the latest report of its checks.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/submissions/{id}",
    operation_id = "get_submission",
    tag = "Hackathons",
    responses((status = 200, description = "The submission", body = Submission)),
    security(("session" = ["organizer"]), ("bearer" = ["read"]))
)]
pub(in super::super) async fn one(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Json<Submission>, WebError> {
    let found = reads::submission(&context.db, id.into()).await?;
    let of_hackathon = found.filter(|it| it.hackathon_id == hackathon.id && it.version > 0);
    let submission = of_hackathon.ok_or_else(unknown_submission)?;
    Ok(Json(Submission::detailed(&context, submission, &hackathon).await?))
}

/// A decision about a submission.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "ruling": "disqualify", "reason": "It is a copy of another submission." }))]
pub(in super::super) struct RulingBody {
    /// `admit` judges it although a required check fails, and `dismiss` takes that back; `disqualify` and `reinstate`; `finalist`,
    /// `winner` and `unchoose` record the choice of the jury.
    #[schema(max_length = 20)]
    ruling: String,
    /// The reason, which the team reads. A disqualification requires it.
    #[schema(max_length = 1_000)]
    reason: Option<String>,
}

/// Decides about a submission. The team is notified of a disqualification and of its end. For 180 days after the results, a
/// submission can still be disqualified, which reverses its points, and reinstated.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/submissions/{id}",
    operation_id = "rule_submission",
    tag = "Hackathons",
    request_body = RulingBody,
    responses(
        (status = 200, description = "The submission", body = Submission),
        (status = 409, description = "The phase of the hackathon does not allow the decision, or its results are final"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(in super::super) async fn rule(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path((_, id)): Path<(String, Uuid)>,
    Body(body): Body<RulingBody>,
) -> Result<Json<Submission>, WebError> {
    let ruling = Ruling::named(&body.ruling).ok_or_else(|| {
        let detail = format!("'{}' is not a decision. See the API's description.", body.ruling);
        invalid("ruling", detail)
    })?;
    let reason = body.reason.unwrap_or_default();
    let (person, slug) = (viewer.user_id, &hackathon.slug);
    let ruled = actions::rule_submission(&context, person, slug, id.into(), ruling, &reason);
    Ok(Json(Submission::detailed(&context, ruled.await?, &hackathon).await?))
}
