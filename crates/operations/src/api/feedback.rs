use std::collections::HashMap;

use axum::extract::State;
use identity::{access::Admin, model::UserId, reads::logins};
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    web::{List, ListQuery, Paged, Query, WebError, bad_cursor},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{model::Feedback, reads};

/// A message of a person about the server.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Feedback, example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "sent_at": "2026-11-01T08:00:00Z", "login": "wren-oak",
    "kind": "idea", "words": "Sort the projects by name.", "page": "/discover", "answer": null, "answered_at": null
}))]
pub(super) struct FeedbackView {
    /// The feedback's ID.
    id: Uuid,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    sent_at: Timestamp,
    /// The login of the sender. Null if the account is closed.
    login: Option<String>,
    /// The kind: `problem`, `idea`, `question` or `other`.
    kind: &'static str,
    /// The text that the person wrote.
    words: String,
    /// The path of the page that it is about. Null if it names none.
    page: Option<String>,
    /// The answer. Null until an admin answers.
    answer: Option<String>,
    /// When it was answered. Null until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
}

impl FeedbackView {
    fn of(feedback: Feedback, known: &HashMap<UserId, String>) -> Self {
        Self {
            id: feedback.id,
            sent_at: feedback.created_at,
            login: known.get(&UserId::from(feedback.user_id)).cloned(),
            kind: feedback.kind.as_str(),
            words: feedback.words,
            page: feedback.page,
            answer: feedback.answer,
            answered_at: feedback.answered_at,
        }
    }
}

/// The feedback that a request selects.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FeedbackSearch {
    /// Only feedback in this state: `open` or `answered`.
    #[param(value_type = String, required = false, example = "open", pattern = "^(open|answered)$")]
    state: Option<String>,
}

impl FeedbackSearch {
    /// Returns whether the feedback has an answer; `None` for all feedback.
    fn is_answered(&self) -> Result<Option<bool>, Problem> {
        match self.state.as_deref() {
            None => Ok(None),
            Some("open") => Ok(Some(false)),
            Some("answered") => Ok(Some(true)),
            Some(state) => {
                let detail = format!("state is '{state}'. Use open or answered.");
                Err(Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail))
            }
        }
    }
}

/// Lists what people say about the server, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/admin/feedback",
    operation_id = "list_feedback",
    tag = "Admin",
    params(FeedbackSearch, ListQuery),
    responses((status = 200, description = "A page of feedback", body = List<FeedbackView>)),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn feedback(
    State(context): State<Context>,
    _: Admin,
    Query(search): Query<FeedbackSearch>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<FeedbackView>>, WebError> {
    let (limit, is_answered) = (query.limit()?, search.is_answered()?);
    let before = query.cursor.as_deref().map(Uuid::try_parse).transpose();
    let before = before.map_err(|_| bad_cursor())?;
    let found = reads::feedback_before(&context.db, is_answered, before, limit + 1).await?;
    let found = List::cut(found, limit, |feedback| feedback.id.to_string());
    let people = found.items.iter().map(|feedback| UserId::from(feedback.user_id));
    let known = logins(&context.db, people).await?;
    Ok(Paged(found.map(|feedback| FeedbackView::of(feedback, &known))))
}
