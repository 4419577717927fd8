//! The API of disputes.

mod decide;
mod own;
mod queue;
mod thread;

use kernel::Timestamp;
use platform::Context;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use queue::DisputeSearch;

use crate::{
    model::{DisputeKind, DisputeState, MessageKind},
    reads::{AppealView, DisputeView, MessageView},
};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(own::list, own::open))
        .routes(routes!(thread::one))
        .routes(routes!(thread::write))
        .routes(routes!(thread::appeal))
        .routes(routes!(queue::list))
        .routes(routes!(decide::decide))
}

/// A dispute: a person contests the points of a pull request, a flag, a sanction or a ban.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "number": 12, "kind": "score", "subject": "octo-org/lantern #7", "project": "lantern",
    "opened_by": "newt-fen", "opened_at": "2026-11-01T08:00:00Z", "due_at": "2026-11-15T08:00:00Z",
    "state": "open", "decided_by": null, "decided_at": null, "appealable_until": null, "appeal": null
}))]
pub(super) struct Dispute {
    /// The number, as in D-12.
    number: i64,
    /// The kind of decision that it contests.
    kind: DisputeKind,
    /// The name of the thing that it is about.
    subject: String,
    /// The slug of the project of the pull request. Null for flags, sanctions and bans.
    project: Option<String>,
    /// The login of the person who opened it.
    opened_by: String,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    /// The instant by which it is to be decided.
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    /// The state, before an appeal.
    state: DisputeState,
    /// The login of who decided it. Null while it is open, and if it was closed because the ban was over.
    decided_by: Option<String>,
    /// When it was decided or closed. Null while it is open.
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
    /// The last instant for an appeal by the person who opened it. Null if there is nothing to appeal.
    #[schema(value_type = Option<String>, format = DateTime)]
    appealable_until: Option<Timestamp>,
    /// The appeal. Null if there is none.
    appeal: Option<Appeal>,
}

/// An appeal of the decision of a dispute.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DisputeAppeal)]
struct Appeal {
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    /// The instant by which it is to be decided.
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    /// The state.
    state: DisputeState,
    /// The login of who decided it. Null while it is open, and if it was closed because the ban was over.
    decided_by: Option<String>,
    /// When it was decided or closed. Null while it is open.
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
}

/// An entry in the thread of a dispute.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DisputeMessage)]
struct Message {
    /// The kind.
    kind: MessageKind,
    /// The login of its author.
    author: String,
    /// The text. Null if it was erased.
    text: Option<String>,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// A dispute with its thread.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DisputeDetail, example = json!({
    "number": 12, "kind": "flag", "subject": "Flag F-3", "project": null,
    "opened_by": "newt-fen", "opened_at": "2026-11-01T08:00:00Z", "due_at": "2026-11-15T08:00:00Z",
    "state": "upheld", "decided_by": "wren-oak", "decided_at": "2026-11-02T08:00:00Z",
    "appealable_until": "2026-11-16T08:00:00Z", "appeal": null,
    "messages": [{
        "kind": "opened", "author": "newt-fen", "text": "It was a course assignment.",
        "at": "2026-11-01T08:00:00Z"
    }, {
        "kind": "decided", "author": "wren-oak", "text": "The course had ended.",
        "at": "2026-11-02T08:00:00Z"
    }]
}))]
pub(super) struct DisputeWithThread {
    #[serde(flatten)]
    dispute: Dispute,
    /// The entries of the thread, oldest first.
    messages: Vec<Message>,
}

impl From<DisputeView> for Dispute {
    fn from(view: DisputeView) -> Self {
        Self {
            appealable_until: view.appealable_until(),
            number: view.number,
            kind: view.kind,
            subject: view.subject.label,
            project: view.project,
            opened_by: view.opened_by,
            opened_at: view.opened_at,
            due_at: view.outcome.due_at,
            state: view.outcome.state,
            decided_by: view.outcome.decided_by,
            decided_at: view.outcome.decided_at,
            appeal: view.appeal.map(Into::into),
        }
    }
}

impl From<AppealView> for Appeal {
    fn from(view: AppealView) -> Self {
        Self {
            opened_at: view.opened_at,
            due_at: view.outcome.due_at,
            state: view.outcome.state,
            decided_by: view.outcome.decided_by,
            decided_at: view.outcome.decided_at,
        }
    }
}

impl From<MessageView> for Message {
    fn from(view: MessageView) -> Self {
        Self { kind: view.kind, author: view.author, text: view.text, at: view.at }
    }
}
