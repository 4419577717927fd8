use axum::{Json, extract::State};
use kernel::Problem;
use platform::{Context, web::WebError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::Insider,
    reads::{self, TeamNote},
};

/// A note of a judge to your team.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "round": 1, "note": "The dial is readable." }))]
struct JudgesNote {
    /// The round of judging in which it was written, from 1.
    round: i64,
    /// The note, as Markdown.
    note: String,
}

impl From<TeamNote> for JudgesNote {
    fn from(it: TeamNote) -> Self {
        Self { round: it.round, note: it.note }
    }
}

/// The notes of judges to your team, without their names.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "is_published": true, "items": [{ "round": 1, "note": "The dial is readable." }] }))]
pub(in super::super) struct JudgesNotes {
    /// True if the results are published. Until then, the list is empty.
    is_published: bool,
    /// The notes. They are removed 180 days after the results.
    items: Vec<JudgesNote>,
}

/// Lists the notes of judges to you and your team, once the results are published.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathons/{slug}/submission/notes",
    operation_id = "list_judges_notes",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The notes", body = JudgesNotes),
        (status = 404, description = "No hackathon that you may see has this slug, or you have no submission")
    ),
    security(("session" = ["participant"]), ("bearer" = ["read"]))
)]
pub(in super::super) async fn list(
    State(context): State<Context>,
    insider: Insider,
) -> Result<Json<JudgesNotes>, WebError> {
    let (db, hackathon) = (&context.db, &insider.hackathon);
    let participation = reads::participation(db, hackathon, insider.viewer.user_id).await?;
    let none = || Problem::not_found(format!("You have not submitted to {}.", hackathon.title));
    let own = participation.submission.ok_or_else(none)?;
    let notes = reads::team_notes(db, hackathon, own.key()).await?;
    Ok(Json(JudgesNotes {
        is_published: hackathon.steps().results_published_at.is_some(),
        items: notes.into_iter().map(JudgesNote::from).collect(),
    }))
}
