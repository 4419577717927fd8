//! The repositories and topics that a person watches.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use identity::access::SignedIn;
use platform::{ActionError, Context, web::WebError};
use serde::Deserialize;
use ui::{Address, Filled, PageError, PageResult, format::Instant, redirect, show};
use uuid::Uuid;

use crate::{
    actions,
    model::{MOST_WATCHES, WatchKind},
    reads::{self, OwnWatch},
    rules::watches::{watched_repository, watched_topic},
};

/// The page of a person's watches.
const OWN: &str = "/discover/watching";

pub(super) fn routes() -> Router<Context> {
    Router::new().route(OWN, get(list).post(begin)).route("/discover/watching/{id}/end", post(end))
}

#[derive(Template)]
#[template(path = "watching.html")]
struct WatchingPage {
    watches: Vec<OwnWatch>,
    most: i64,
    now: Instant,
}

impl WatchingPage {
    /// Returns how far a watch is, in words.
    fn state(&self, watch: &OwnWatch) -> String {
        match (watch.error(), watch.is_found(), watch.kind) {
            (Some(why), ..) => why.to_owned(),
            (None, false, _) => "GitHub is asked soon".to_owned(),
            (None, true, WatchKind::Repository) => "Followed".to_owned(),
            (None, true, WatchKind::Topic) => {
                let count = u64::try_from(watch.repositories).unwrap_or_default();
                kernel::counted(count, "repository", "repositories")
            }
        }
    }
}

/// `GET /discover/watching`.
async fn list(State(context): State<Context>, SignedIn(viewer): SignedIn) -> PageResult {
    let watches = reads::own_watches(&context.db, viewer.user_id, None, MOST_WATCHES).await?;
    show(&WatchingPage { watches, most: MOST_WATCHES, now: Instant(context.now()) })
}

/// The fields of the form that begins a watch, and of the button on the page of a repository.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct WatchFields {
    repository: String,
    topic: String,
    from: String,
}

impl WatchFields {
    /// Returns the page that the form was on.
    fn back(&self, name: &str) -> String {
        match self.from.as_str() {
            "repository" => format!("/discover/repositories/{name}"),
            _ => OWN.to_owned(),
        }
    }
}

/// `POST /discover/watching`: watches a repository or a topic. A form that is sent twice watches it once.
async fn begin(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Filled(fields, _): Filled<WatchFields>,
) -> Result<Response, PageError> {
    let of = match fields.topic.trim() {
        "" => watched_repository(&fields.repository),
        topic => watched_topic(topic),
    };
    let of = of.map_err(WebError::from)?;
    let said = match actions::watch(&context, viewer.user_id, &of).await {
        Ok(_) => "You watch it",
        Err(ActionError::Refused(problem)) if problem.code == "ALREADY_WATCHED" => {
            "You watch it already"
        }
        Err(error) => return Err(WebError::from(error).into()),
    };
    Ok(redirect(&fields.back(&of.name), said))
}

/// `POST /discover/watching/{id}/end`: ends a watch.
async fn end(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(id): Address<Uuid>,
    Filled(fields, _): Filled<WatchFields>,
) -> Result<Response, PageError> {
    let of = watched_repository(&fields.repository).ok();
    let ended = actions::unwatch(&context, viewer.user_id, id).await;
    ended.map_err(WebError::from)?;
    let back = of.map_or_else(|| OWN.to_owned(), |of| fields.back(&of.name));
    Ok(redirect(&back, "You no longer watch it"))
}
