use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{Content, Key, TOPIC, WEBHOOK, webhook};
use crate::{
    Context,
    db::{DbError, Sql, Tx, ascii_lower, ids},
};

/// Enqueues a message in the caller's transaction, to be sent from `due_at` on. Returns false if its key is
/// already known.
pub async fn enqueue(
    tx: &mut Tx,
    context: &Context,
    key: Key<'_>,
    recipient: &str,
    content: &Content,
    due_at: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO outbox_messages (id, created_at, person_id, kind, object_id, occurrence, \
               channel, recipient, content, due_at, attempts) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0) \
               ON CONFLICT (person_id, kind, object_id, occurrence, channel) DO NOTHING";
    let content = serde_json::to_string(content).expect("texts are JSON");
    let values = [
        context.ids.next().into(),
        context.now().into(),
        key.person.into(),
        key.kind.into(),
        key.object.into(),
        key.occurrence.into(),
        key.channel.into(),
        recipient.into(),
        content.into(),
        due_at.into(),
    ];
    let is_new = tx.run(tx.statement(sql, values)).await? > 0;
    tx.raise(match key.channel {
        WEBHOOK => webhook::TOPIC,
        _ => TOPIC,
    });
    Ok(is_new)
}

/// Which kinds of messages are counted.
#[derive(Clone, Copy, Debug)]
pub enum CountedKinds<'a> {
    Only(&'a str),
    /// All others.
    Except(&'a [&'a str]),
}

/// Counts the messages to a person on a channel since an instant.
pub async fn sent_since(
    db: &impl Sql,
    person: Uuid,
    channel: &str,
    counted: CountedKinds<'_>,
    since: Timestamp,
) -> Result<i64, DbError> {
    let mut query = db.query();
    let (person, channel) = (query.bind(person), query.bind(channel));
    let since = query.bind(since);
    let (kinds, is) = match counted {
        CountedKinds::Only(kind) => (vec![kind], "="),
        CountedKinds::Except(kinds) => (kinds.to_vec(), "<>"),
    };
    let kinds = kinds.into_iter().map(|kind| query.bind(kind));
    let kinds: String = kinds.map(|kind| format!(" AND kind {is} {kind}")).collect();
    let sql = format!(
        "SELECT count(*) FROM outbox_messages \
         WHERE person_id = {person} AND channel = {channel} AND created_at >= {since}{kinds}"
    );
    db.count(query.statement(sql)).await
}

/// Counts the other people for whom a text message of a kind was sent to a number since an instant.
pub async fn texted_since(
    db: &impl Sql,
    person: Uuid,
    kind: &str,
    number: &str,
    since: Timestamp,
) -> Result<i64, DbError> {
    let sql = "SELECT count(DISTINCT person_id) FROM outbox_messages WHERE recipient = $1 \
               AND channel = 'sms' AND created_at >= $2 AND kind = $3 AND person_id <> $4";
    let values = [number.into(), since.into(), kind.into(), person.into()];
    db.count(db.statement(sql, values)).await
}

/// Counts the text messages to people since an instant, sent or waiting. Those to operators do not count.
pub async fn texts_since(db: &impl Sql, since: Timestamp) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM outbox_messages WHERE channel = 'sms' AND created_at >= $1 \
               AND person_id <> $2";
    db.count(db.statement(sql, [since.into(), Uuid::nil().into()])).await
}

/// Counts the messages of a channel that were enqueued from an instant until before another one and were sent, to people and to operators.
pub(crate) async fn sent_between(
    db: &impl Sql,
    channel: &str,
    since: Timestamp,
    until: Timestamp,
) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM outbox_messages WHERE channel = $1 AND created_at >= $2 \
               AND created_at < $3 AND completed_at IS NOT NULL AND dead_at IS NULL AND NOT given_up";
    db.count(db.statement(sql, [channel.into(), since.into(), until.into()])).await
}

/// The instant since which messages by a channel are overdue or fail repeatedly.
#[derive(Clone, Debug, FromQueryResult)]
pub struct WaitingChannel {
    pub channel: String,
    pub since: Timestamp,
}

/// Returns the channels by which messages are overdue or fail repeatedly. Those to webhooks do not count, because their receivers belong
/// to people.
pub async fn waiting_since(db: &impl Sql, now: Timestamp) -> Result<Vec<WaitingChannel>, DbError> {
    let sql = "SELECT s.channel, min(s.since) AS since FROM (\
               SELECT channel, min(due_at) AS since FROM outbox_messages \
               WHERE due_at <= $1 AND channel <> 'webhook' GROUP BY channel \
               UNION ALL SELECT channel, min(created_at) FROM outbox_messages \
               WHERE due_at IS NOT NULL AND attempts >= 3 AND channel <> 'webhook' GROUP BY channel) AS s \
               GROUP BY s.channel ORDER BY s.channel";
    db.all(db.statement(sql, [now.into()])).await
}

/// Deletes messages that were sent before an instant. Returns their number.
pub async fn forget_sent(context: &Context, before: Timestamp) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let sql = "DELETE FROM outbox_messages WHERE completed_at < $1";
    let forgotten = tx.run(tx.statement(sql, [before.into()])).await?;
    tx.commit().await?;
    Ok(forgotten)
}

/// Deletes the messages of a kind about objects, sent or waiting, to addresses without an account.
pub async fn forget_about(
    tx: &Tx,
    kind: &str,
    objects: impl IntoIterator<Item = Uuid>,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let (person, kind) = (query.bind(Uuid::nil()), query.bind(kind));
    let objects = query.rows(ids(objects), "o");
    let sql = format!(
        "DELETE FROM outbox_messages WHERE person_id = {person} AND kind = {kind} \
         AND object_id IN (SELECT o.id FROM {objects})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Deletes the messages of a kind to an address without an account, sent or waiting.
pub async fn forget_to(tx: &Tx, kind: &str, recipient: &str) -> Result<(), DbError> {
    let recipients = ascii_lower("recipient");
    let sql = format!(
        "DELETE FROM outbox_messages WHERE person_id = $1 AND kind = $2 AND {recipients} = $3"
    );
    let values = [Uuid::nil().into(), kind.into(), recipient.to_ascii_lowercase().into()];
    tx.run(tx.statement(&sql, values)).await?;
    Ok(())
}

/// Deletes the messages that wait to be sent to a person on a channel.
pub async fn forget_waiting(tx: &Tx, person: Uuid, channel: &str) -> Result<(), DbError> {
    let sql = "DELETE FROM outbox_messages \
               WHERE person_id = $1 AND channel = $2 AND completed_at IS NULL";
    let values = [person.into(), channel.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Cancels the messages of a kind that wait to be sent to a person, or could not be sent. Unlike those that are deleted, they are
/// counted.
pub async fn cancel(tx: &Tx, person: Uuid, kind: &str, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE outbox_messages SET completed_at = $1, due_at = NULL, dead_at = NULL, \
               claimed_by = NULL, content = NULL, outcome = 'canceled', given_up = TRUE \
               WHERE person_id = $2 AND kind = $3 AND completed_at IS NULL";
    let values = [now.into(), person.into(), kind.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Marks a message that ends without being sent, if the worker still has it: another one may have sent it meanwhile.
pub(super) async fn give_up(tx: &Tx, worker: Uuid, id: Uuid) -> Result<(), DbError> {
    let sql = "UPDATE outbox_messages SET given_up = TRUE WHERE id = $1 AND claimed_by = $2";
    tx.run(tx.statement(sql, [id.into(), worker.into()])).await?;
    Ok(())
}

/// Deletes the content of a completed message.
pub(super) async fn forget_content(tx: &Tx, id: Uuid) -> Result<(), DbError> {
    let sql = "UPDATE outbox_messages SET content = NULL \
               WHERE id = $1 AND completed_at IS NOT NULL";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}
