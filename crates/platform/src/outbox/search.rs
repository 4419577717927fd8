//! The outbox for operators: recipient, kind, channel, time and result of each message; never its content.

use kernel::{Problem, Timestamp};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{OUTBOX, TOPIC};
use crate::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Sql},
};

/// State of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is still to be sent.
    Waiting,
    /// It was accepted, or its recipient is gone.
    Done,
    /// It was given up.
    Dead,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Done, Self::Dead];

    /// As sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }

    fn holds(self) -> &'static str {
        match self {
            Self::Waiting => "due_at IS NOT NULL",
            Self::Done => "completed_at IS NOT NULL",
            Self::Dead => "dead_at IS NOT NULL",
        }
    }
}

/// Which messages are looked for; what is empty says nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// For this person; nil is the server itself.
    pub person: Option<Uuid>,
    /// Of this kind.
    pub kind: Option<String>,
    /// By this channel.
    pub channel: Option<String>,
    /// In this state.
    pub state: Option<State>,
    /// Older than the one with this id.
    pub before: Option<Uuid>,
}

/// A message without what it says, and without where it goes.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Sent {
    /// Its id.
    pub id: Uuid,
    /// When it was written.
    pub created_at: Timestamp,
    /// The person it is for; nil is the server itself.
    pub person_id: Uuid,
    /// Its kind.
    pub kind: String,
    /// How it goes.
    pub channel: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is next to be tried.
    pub due_at: Option<Timestamp>,
    /// When it was taken.
    pub completed_at: Option<Timestamp>,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
    /// Answer of the service that accepted it.
    pub outcome: Option<String>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
}

impl Sent {
    /// Its state.
    #[must_use]
    pub fn state(&self) -> State {
        match (self.dead_at, self.completed_at) {
            (Some(_), _) => State::Dead,
            (None, Some(_)) => State::Done,
            (None, None) => State::Waiting,
        }
    }
}

/// How many messages of a channel are in which state.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Held {
    /// The channel.
    pub channel: String,
    /// Still to be sent.
    pub waiting: i64,
    /// Taken within the time for which that is known.
    pub done: i64,
    /// Given up.
    pub dead: i64,
}

/// Messages, the newest first.
pub async fn search(db: &impl Sql, filter: &Filter, limit: i64) -> Result<Vec<Sent>, DbError> {
    let mut query = db.query();
    let mut conditions = vec!["TRUE".to_owned()];
    if let Some(person) = filter.person {
        conditions.push(format!("person_id = {}", query.bind(person)));
    }
    if let Some(kind) = &filter.kind {
        conditions.push(format!("kind = {}", query.bind(kind.as_str())));
    }
    if let Some(channel) = &filter.channel {
        conditions.push(format!("channel = {}", query.bind(channel.as_str())));
    }
    if let Some(before) = filter.before {
        conditions.push(format!("id < {}", query.bind(before)));
    }
    if let Some(state) = filter.state {
        conditions.push(state.holds().to_owned());
    }
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT id, created_at, person_id, kind, channel, attempts, due_at, completed_at, dead_at, \
         outcome, last_error FROM outbox_messages WHERE {} ORDER BY id DESC LIMIT {limit}",
        conditions.join(" AND ")
    );
    db.all(query.statement(sql)).await
}

/// Number of messages in the outbox, by channel.
pub async fn held(db: &impl Sql) -> Result<Vec<Held>, DbError> {
    let sql = "SELECT channel, count(due_at) AS waiting, count(completed_at) AS done, \
               count(dead_at) AS dead FROM outbox_messages GROUP BY channel ORDER BY channel";
    db.all(db.statement(sql, [])).await
}

/// Retries a dead letter.
///
/// # Errors
/// When it is none, or the database fails.
pub async fn retry(context: &Context, actor: Actor, id: Uuid) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    let now = context.now();
    let revived = OUTBOX
        .revive(&tx, now, |query| format!("id = {}", query.bind(id)))
        .await?;
    if revived == 0 {
        let detail = "This message is not a dead letter: it is queued, was sent, or does not \
             exist. See /admin/notifications?state=dead.";
        return Err(
            Problem::new(kernel::ProblemKind::Conflict, "NOT_A_DEAD_LETTER", detail).into(),
        );
    }
    let act = Act {
        actor,
        action: "message.retry",
        target_kind: "message",
        target_id: id,
        before: None,
        after: None,
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.raise(TOPIC);
    tx.commit().await?;
    Ok(())
}
