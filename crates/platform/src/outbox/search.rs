//! Search of the outbox for operators: recipient, kind, channel, times and result of each message; never its
//! content.

use kernel::{Problem, Timestamp};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{OUTBOX, TOPIC, webhook};
use crate::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Sql},
};

/// The state of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has not been sent yet.
    Waiting,
    /// It was accepted.
    Done,
    /// It was given up: its recipient no longer exists or could not be reached, or it expired.
    GivenUp,
    /// It is a dead letter.
    Dead,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Done, Self::GivenUp, Self::Dead];

    /// Returns the name used in queries.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::GivenUp => "given_up",
            Self::Dead => "dead",
        }
    }

    fn holds(self) -> &'static str {
        match self {
            Self::Waiting => "due_at IS NOT NULL",
            Self::Done => "completed_at IS NOT NULL AND NOT given_up",
            Self::GivenUp => "given_up",
            Self::Dead => "dead_at IS NOT NULL",
        }
    }
}

/// A filter of messages; an absent field matches all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The recipient's account, or nil for messages of the server itself.
    pub person: Option<Uuid>,
    pub kind: Option<String>,
    pub channel: Option<String>,
    pub state: Option<State>,
    /// Messages older than the one with this id.
    pub before: Option<Uuid>,
}

/// A message without its content and the recipient's address.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Sent {
    pub id: Uuid,
    pub created_at: Timestamp,
    /// The recipient's account, or nil for messages of the server itself.
    pub person_id: Uuid,
    pub kind: String,
    pub channel: String,
    pub attempts: i64,
    /// When it is next tried, if it is still to be sent.
    pub due_at: Option<Timestamp>,
    /// When it was accepted or given up.
    pub completed_at: Option<Timestamp>,
    /// When it became a dead letter.
    pub dead_at: Option<Timestamp>,
    pub given_up: bool,
    /// The response of the service that accepted it, or why it was given up.
    pub outcome: Option<String>,
    /// The error of the last attempt, if it failed.
    pub last_error: Option<String>,
}

impl Sent {
    #[must_use]
    pub fn state(&self) -> State {
        match (self.dead_at, self.completed_at) {
            (Some(_), _) => State::Dead,
            (None, Some(_)) if self.given_up => State::GivenUp,
            (None, Some(_)) => State::Done,
            (None, None) => State::Waiting,
        }
    }
}

/// The number of messages of a channel by state.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ChannelCounts {
    pub channel: String,
    /// Messages that are still to be sent.
    pub waiting: i64,
    /// Messages that were accepted, within the retention period.
    pub done: i64,
    /// Dead letters.
    pub dead: i64,
}

/// Returns the messages that match a filter, newest first.
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
         given_up, outcome, last_error FROM outbox_messages WHERE {} ORDER BY id DESC LIMIT {limit}",
        conditions.join(" AND ")
    );
    db.all(query.statement(sql)).await
}

/// Counts the dead letters.
pub async fn dead(db: &impl Sql) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM outbox_messages WHERE dead_at IS NOT NULL";
    db.count(db.statement(sql, [])).await
}

/// Counts the messages in the outbox by channel.
pub async fn held(db: &impl Sql) -> Result<Vec<ChannelCounts>, DbError> {
    let sql = "SELECT channel, count(due_at) AS waiting, count(CASE WHEN NOT given_up THEN completed_at END) AS done, \
               count(dead_at) AS dead FROM outbox_messages GROUP BY channel ORDER BY channel";
    db.all(db.statement(sql, [])).await
}

/// Makes messages due now that wait for a later time: one, or without an ID all that were tried before. Those that were not tried yet
/// wait for a reason, such as a digest or the night of their recipient. Returns their number.
///
/// # Errors
/// When no such message waits for a later time, or the database fails.
pub async fn send_waiting(
    context: &Context,
    actor: Actor,
    id: Option<Uuid>,
) -> Result<u64, ActionError> {
    let mut tx = context.begin().await?;
    let mut query = tx.query();
    let now = query.bind(context.now());
    let which = match id {
        Some(id) => format!("id = {}", query.bind(id)),
        None => "attempts > 0".to_owned(),
    };
    let sql = format!(
        "UPDATE outbox_messages SET due_at = {now} \
         WHERE due_at > {now} AND claimed_by IS NULL AND {which}"
    );
    let hurried = tx.run(query.statement(sql)).await?;
    if hurried == 0 {
        let detail = "No such message waits for a later time: it is being sent, was sent, failed, or does \
                      not exist. See /admin/notifications?state=waiting.";
        return Err(Problem::new(kernel::ProblemKind::Conflict, "NOT_WAITING", detail).into());
    }
    let act = Act {
        actor,
        action: "message.send",
        target_kind: "message",
        target_id: id.unwrap_or_default(),
        before: None,
        after: None,
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.raise(TOPIC);
    tx.raise(webhook::TOPIC);
    tx.commit().await?;
    Ok(hurried)
}

/// Retries a dead letter.
///
/// # Errors
/// When the message is not a dead letter, or the database fails.
pub async fn retry(context: &Context, actor: Actor, id: Uuid) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    let now = context.now();
    let revived = OUTBOX.revive(&tx, now, |query| format!("id = {}", query.bind(id))).await?;
    if revived == 0 {
        let detail = "This message did not fail: it is queued, was sent, or does not \
             exist. See /admin/notifications?state=dead.";
        return Err(Problem::new(kernel::ProblemKind::Conflict, "NOT_A_DEAD_LETTER", detail).into());
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
    tx.raise(webhook::TOPIC);
    tx.commit().await?;
    Ok(())
}
