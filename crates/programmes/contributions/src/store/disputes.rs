//! Disputes, their appeals and their threads.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx, erase_rows};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{DisputeId, DisputeKind, DisputeState, MessageKind, ProjectId};

#[derive(Clone, Debug)]
pub(crate) struct Dispute {
    pub(crate) id: DisputeId,
    pub(crate) number: i64,
    pub(crate) kind: DisputeKind,
    pub(crate) opened_by: UserId,
    /// The ID of the pull request, the flag, the sanction or the ban.
    pub(crate) target_id: Uuid,
    /// The project of the pull request.
    pub(crate) project: Option<ProjectId>,
    pub(crate) opened_at: Timestamp,
    pub(crate) outcome: DisputeOutcome,
    pub(crate) appeal: Option<Appeal>,
}

/// The state of a dispute or an appeal, and its decision.
#[derive(Clone, Debug)]
pub(crate) struct DisputeOutcome {
    pub(crate) state: DisputeState,
    pub(crate) due_at: Timestamp,
    pub(crate) decided_by: Option<UserId>,
    pub(crate) decided_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub(crate) struct Appeal {
    pub(crate) id: Uuid,
    pub(crate) opened_at: Timestamp,
    pub(crate) outcome: DisputeOutcome,
}

#[derive(Debug, FromQueryResult)]
pub(crate) struct DisputeRow {
    id: Uuid,
    number: i64,
    kind: DisputeKind,
    opened_by_id: Uuid,
    target_id: Uuid,
    project_id: Option<Uuid>,
    created_at: Timestamp,
    state: DisputeState,
    due_at: Timestamp,
    decided_by_id: Option<Uuid>,
    decided_at: Option<Timestamp>,
    appeal_id: Option<Uuid>,
    appealed_at: Option<Timestamp>,
    appeal_state: Option<DisputeState>,
    appeal_due_at: Option<Timestamp>,
    appeal_decided_by_id: Option<Uuid>,
    appeal_decided_at: Option<Timestamp>,
}

/// The columns of a [`DisputeRow`], and its tables.
pub(crate) const DISPUTE: &str = "d.id, d.number, d.kind, d.opened_by_id, d.target_id, d.project_id, \
     d.created_at, d.state, d.due_at, d.decided_by_id, d.decided_at, a.id AS appeal_id, \
     a.created_at AS appealed_at, a.state AS appeal_state, a.due_at AS appeal_due_at, \
     a.decided_by_id AS appeal_decided_by_id, a.decided_at AS appeal_decided_at \
     FROM disputes d LEFT JOIN appeals a ON a.dispute_id = d.id";

impl DisputeRow {
    pub(crate) fn read(self) -> Dispute {
        Dispute {
            appeal: self.appeal(),
            id: self.id.into(),
            number: self.number,
            kind: self.kind,
            opened_by: self.opened_by_id.into(),
            target_id: self.target_id,
            project: self.project_id.map(Into::into),
            opened_at: self.created_at,
            outcome: DisputeOutcome {
                state: self.state,
                due_at: self.due_at,
                decided_by: self.decided_by_id.map(Into::into),
                decided_at: self.decided_at,
            },
        }
    }

    fn appeal(&self) -> Option<Appeal> {
        Some(Appeal {
            id: self.appeal_id?,
            opened_at: self.appealed_at?,
            outcome: DisputeOutcome {
                state: self.appeal_state?,
                due_at: self.appeal_due_at?,
                decided_by: self.appeal_decided_by_id.map(Into::into),
                decided_at: self.appeal_decided_at,
            },
        })
    }
}

/// Returns the highest number of a dispute, 0 without disputes.
pub(crate) async fn last_number(tx: &Tx) -> Result<i64, DbError> {
    let sql = "SELECT coalesce(max(number), 0) FROM disputes";
    tx.count(tx.statement(sql, [])).await
}

pub(crate) async fn numbered(db: &impl Sql, number: i64) -> Result<Option<Dispute>, DbError> {
    let sql = format!("SELECT {DISPUTE} WHERE d.number = $1");
    let row: Option<DisputeRow> = db.one(db.statement(&sql, [number.into()])).await?;
    Ok(row.map(DisputeRow::read))
}

/// Finds the dispute of a person about something.
pub(crate) async fn about(
    db: &impl Sql,
    person: UserId,
    kind: DisputeKind,
    target: Uuid,
) -> Result<Option<Dispute>, DbError> {
    let sql =
        format!("SELECT {DISPUTE} WHERE d.opened_by_id = $1 AND d.kind = $2 AND d.target_id = $3");
    let values = [person.into(), kind.as_str().into(), target.into()];
    let row: Option<DisputeRow> = db.one(db.statement(&sql, values)).await?;
    Ok(row.map(DisputeRow::read))
}

pub(crate) async fn insert(tx: &Tx, new: &Dispute) -> Result<(), DbError> {
    let sql = "INSERT INTO disputes (id, number, opened_by_id, kind, target_id, project_id, state, due_at, \
               created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)";
    let values = [
        new.id.into(),
        new.number.into(),
        new.opened_by.into(),
        new.kind.as_str().into(),
        new.target_id.into(),
        new.project.map(|project| project.0).into(),
        new.outcome.state.as_str().into(),
        new.outcome.due_at.into(),
        new.opened_at.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

pub(crate) async fn insert_appeal(
    tx: &Tx,
    dispute: DisputeId,
    new: &Appeal,
) -> Result<(), DbError> {
    let sql = "INSERT INTO appeals (id, dispute_id, state, due_at, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $5)";
    let values = [
        new.id.into(),
        dispute.into(),
        new.outcome.state.as_str().into(),
        new.outcome.due_at.into(),
        new.opened_at.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Stores the decision of a dispute.
pub(crate) async fn decide(
    tx: &Tx,
    id: DisputeId,
    state: DisputeState,
    by: UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE disputes SET state = $1, decided_by_id = $2, decided_at = $3, updated_at = $3 \
               WHERE id = $4";
    let values = [state.as_str().into(), by.into(), now.into(), id.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Stores the decision of an appeal.
pub(crate) async fn decide_appeal(
    tx: &Tx,
    id: Uuid,
    state: DisputeState,
    by: UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE appeals SET state = $1, decided_by_id = $2, decided_at = $3, updated_at = $3 \
               WHERE id = $4";
    let values = [state.as_str().into(), by.into(), now.into(), id.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Lists the disputes of a kind that are open, or whose appeal is, oldest first.
pub(crate) async fn open_of_kind(
    db: &impl Sql,
    kind: DisputeKind,
) -> Result<Vec<Dispute>, DbError> {
    let sql = format!(
        "SELECT {DISPUTE} WHERE d.kind = $1 AND d.id IN (SELECT id FROM disputes WHERE state = $2 \
         UNION ALL SELECT dispute_id FROM appeals WHERE state = $2) ORDER BY d.created_at, d.id"
    );
    let values = [kind.as_str().into(), DisputeState::Open.as_str().into()];
    let rows: Vec<DisputeRow> = db.all(db.statement(&sql, values)).await?;
    Ok(rows.into_iter().map(DisputeRow::read).collect())
}

/// Closes the open step of a dispute without a decision. Returns false if it has no open step.
pub(crate) async fn close(tx: &Tx, id: DisputeId, now: Timestamp) -> Result<bool, DbError> {
    let (closed, open) = (DisputeState::Closed.as_str(), DisputeState::Open.as_str());
    let mut changed = 0;
    for sql in [
        "UPDATE disputes SET state = $1, decided_at = $2, updated_at = $2 \
         WHERE id = $3 AND state = $4",
        "UPDATE appeals SET state = $1, decided_at = $2, updated_at = $2 \
         WHERE dispute_id = $3 AND state = $4",
    ] {
        let values = [closed.into(), now.into(), id.into(), open.into()];
        changed += tx.run(tx.statement(sql, values)).await?;
    }
    Ok(changed > 0)
}

/// An entry of a thread to store.
#[derive(Debug)]
pub(crate) struct NewMessage<'a> {
    pub(crate) id: Uuid,
    pub(crate) dispute: DisputeId,
    pub(crate) kind: MessageKind,
    pub(crate) author: UserId,
    pub(crate) text: &'a str,
}

/// Adds an entry to a thread.
pub(crate) async fn insert_message(
    tx: &Tx,
    new: &NewMessage<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO dispute_messages (id, dispute_id, kind, author_id, created_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = [
        new.id.into(),
        new.dispute.into(),
        new.kind.as_str().into(),
        new.author.into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    let sql = "INSERT INTO dispute_words (id, created_at, text) VALUES ($1, $2, $3)";
    tx.run(tx.statement(sql, [new.id.into(), now.into(), new.text.into()])).await?;
    Ok(())
}

/// Counts the entries of a thread.
pub(crate) async fn count_messages(db: &impl Sql, id: DisputeId) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM dispute_messages WHERE dispute_id = $1";
    db.count(db.statement(sql, [id.into()])).await
}

/// An entry of a thread, whose text may be erased.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct StoredMessage {
    pub(crate) dispute_id: Uuid,
    pub(crate) kind: MessageKind,
    pub(crate) author_id: Uuid,
    pub(crate) created_at: Timestamp,
    pub(crate) text: Option<String>,
}

const MESSAGE: &str = "m.dispute_id, m.kind, m.author_id, m.created_at, w.text \
     FROM dispute_messages m LEFT JOIN dispute_words w ON w.id = m.id";

/// Lists the entries of a thread, oldest first.
pub(crate) async fn messages(db: &impl Sql, id: DisputeId) -> Result<Vec<StoredMessage>, DbError> {
    let sql = format!("SELECT {MESSAGE} WHERE m.dispute_id = $1 ORDER BY m.created_at, m.id");
    db.all(db.statement(&sql, [id.into()])).await
}

/// Finds an entry of a thread.
pub(crate) async fn message(db: &impl Sql, id: Uuid) -> Result<Option<StoredMessage>, DbError> {
    let sql = format!("SELECT {MESSAGE} WHERE m.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Returns the IDs of the disputes that a person opened.
pub(crate) async fn opened_by(tx: &Tx, person: UserId) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT id FROM disputes WHERE opened_by_id = $1";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [person.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Erases the texts that a person wrote, and the threads of the disputes that they opened.
pub(crate) async fn erase(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let statements = [
        "DELETE FROM dispute_words WHERE id IN \
         (SELECT m.id FROM dispute_messages m WHERE m.author_id = $1)",
        "DELETE FROM dispute_words WHERE id IN (SELECT m.id FROM dispute_messages m \
         JOIN disputes d ON d.id = m.dispute_id WHERE d.opened_by_id = $1)",
    ];
    erase_rows(tx, person.0, &statements).await
}
