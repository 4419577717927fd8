use kernel::Timestamp;
use platform::{
    db::{DbError, Sql, ascii_lower},
    folded::FoldedText,
};
use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

use crate::rules::body::unpack;

/// A delivery, as admins see it.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub struct DeliveryView {
    /// The ID here, which is the cursor of lists.
    #[serde(skip)]
    pub id: Uuid,
    /// The GitHub delivery ID.
    pub delivery_id: String,
    /// `pull_request`, `push` …
    pub event: String,
    /// The event's action, if the body has one.
    pub action: Option<String>,
    /// GitHub's ID of the repository.
    pub repository_github_id: Option<i64>,
    /// The repository's full name, if it is registered.
    pub repository: Option<String>,
    pub received_at: Timestamp,
    /// The number of attempts since it was last queued.
    pub attempts: i64,
    pub completed_at: Option<Timestamp>,
    pub dead_at: Option<Timestamp>,
    /// The error of the last attempt.
    pub last_error: Option<String>,
    /// The change that it made, or the reason why it made none.
    pub outcome: Option<String>,
}

impl DeliveryView {
    /// Returns the event in words: "Pull request opened".
    #[must_use]
    pub fn in_words(&self) -> String {
        match &self.action {
            Some(action) => kernel::in_words(&format!("{}.{action}", self.event)),
            None => kernel::in_words(&self.event),
        }
    }
}

const VIEW: &str = "id, delivery_id, event, action, repository_github_id, \
     (SELECT r.full_name FROM repositories r WHERE r.github_id = repository_github_id) AS repository, \
     received_at, attempts, completed_at, dead_at, last_error, outcome";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// Waiting to be applied.
    Waiting,
    /// Applied, or skipped for a reason.
    Done,
    Dead,
}

/// A filter of deliveries, in which empty fields match all.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    /// The GitHub delivery ID, in full.
    pub delivery_id: String,
    /// The event, or the event and action, such as `pull_request.opened`.
    pub event: String,
    /// A part of the repository's full name, or its GitHub ID.
    pub repository: String,
    /// Text in the result or the error.
    pub words: String,
    pub state: Option<DeliveryState>,
    /// True to leave out those that were given up.
    pub without_dead: bool,
    /// Only deliveries older than the one with this ID.
    pub before: Option<Uuid>,
}

/// Lists deliveries, newest first.
pub async fn find_deliveries(
    db: &impl Sql,
    filter: &DeliveryFilter,
    limit: i64,
) -> Result<Vec<DeliveryView>, DbError> {
    let mut query = db.query();
    let mut which = vec!["true".to_owned()];
    if !filter.delivery_id.is_empty() {
        let id = query.bind(filter.delivery_id.as_str());
        which.push(format!("delivery_id = {id}"));
    }
    if !filter.event.is_empty() {
        let (event, action) = filter.event.split_once('.').unwrap_or((&filter.event, ""));
        which.push(format!("event = {}", query.bind(event)));
        if !action.is_empty() {
            which.push(format!("action = {}", query.bind(action)));
        }
    }
    if let Ok(id) = filter.repository.parse::<i64>() {
        which.push(format!("repository_github_id = {}", query.bind(id)));
    } else if !filter.repository.is_empty() {
        let part = FoldedText::of(&filter.repository);
        let named = query.contains(&ascii_lower("full_name"), &part);
        which.push(format!(
            "repository_github_id IN (SELECT github_id FROM repositories WHERE {named})"
        ));
    }
    if !filter.words.is_empty() {
        let [done, failed] =
            ["outcome", "last_error"].map(|it| query.contains_words(it, &filter.words));
        which.push(format!("({done} OR {failed})"));
    }
    which.extend(filter.state.map(|state| {
        match state {
            DeliveryState::Waiting => "due_at IS NOT NULL",
            DeliveryState::Done => "completed_at IS NOT NULL",
            DeliveryState::Dead => "dead_at IS NOT NULL",
        }
        .to_owned()
    }));
    if filter.without_dead {
        which.push("dead_at IS NULL".to_owned());
    }
    if let Some(before) = filter.before {
        which.push(format!("id < {}", query.bind(before)));
    }
    let (which, limit) = (which.join(" AND "), query.bind(limit));
    let sql = format!(
        "SELECT {VIEW} FROM webhook_deliveries WHERE {which} ORDER BY id DESC LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// A delivery with its payload and result.
#[derive(Clone, Debug)]
pub struct DeliveryDetail {
    /// The delivery and its result.
    pub view: DeliveryView,
    /// The webhook that sent it.
    pub hook_id: Option<i64>,
    /// The size of the body in bytes.
    pub body_size: i64,
    /// The body as text; absent if it was deleted or is not text.
    pub body: Option<String>,
}

/// Finds a delivery by its GitHub delivery ID.
pub async fn delivery(db: &impl Sql, delivery_id: &str) -> Result<Option<DeliveryDetail>, DbError> {
    #[derive(FromQueryResult)]
    struct Body {
        hook_id: Option<i64>,
        body_size: i64,
        body: Option<Vec<u8>>,
    }
    let filter =
        DeliveryFilter { delivery_id: delivery_id.to_owned(), ..DeliveryFilter::default() };
    let Some(view) = find_deliveries(db, &filter, 1).await?.pop() else {
        return Ok(None);
    };
    let sql = "SELECT hook_id, body_size, body FROM webhook_deliveries WHERE id = $1";
    let found: Option<Body> = db.one(db.statement(sql, [view.id.into()])).await?;
    Ok(found.map(|found| DeliveryDetail {
        view,
        hook_id: found.hook_id,
        body_size: found.body_size,
        body: found
            .body
            .and_then(|body| unpack(&body, found.body_size).ok())
            .and_then(|body| String::from_utf8(body).ok()),
    }))
}
