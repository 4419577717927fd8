//! Reports of pull requests and repositories by people.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx, erase_rows};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{FlagId, FlagState, ReportReason, ReportTarget, TargetKind};

#[derive(Debug)]
pub(crate) struct NewReport<'a> {
    pub(crate) id: Uuid,
    pub(crate) flag: FlagId,
    pub(crate) reporter: UserId,
    pub(crate) target: ReportTarget,
    pub(crate) reason: ReportReason,
    pub(crate) words: Option<&'a str>,
}

pub(crate) async fn insert(tx: &Tx, new: &NewReport<'_>, now: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO reports (id, flag_id, reporter_id, target_kind, target_id, reason, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        new.id.into(),
        new.flag.into(),
        new.reporter.into(),
        new.target.kind().as_str().into(),
        new.target.id().into(),
        new.reason.as_str().into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    if let Some(words) = new.words {
        let sql = "INSERT INTO report_words (id, created_at, words) VALUES ($1, $2, $3)";
        let values = [new.id.into(), now.into(), words.into()];
        tx.run(tx.statement(sql, values)).await?;
    }
    Ok(())
}

/// Returns the times of a person's reports since an instant, latest first, at most `limit`.
pub(crate) async fn times(
    tx: &Tx,
    reporter: UserId,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        created_at: Timestamp,
    }
    let sql = "SELECT created_at FROM reports WHERE reporter_id = $1 AND created_at > $2 \
               ORDER BY created_at DESC LIMIT $3";
    let values = [reporter.into(), since.into(), limit.into()];
    let rows: Vec<Row> = tx.all(tx.statement(sql, values)).await?;
    Ok(rows.into_iter().map(|row| row.created_at).collect())
}

/// Returns when a person reported a target, if they did.
pub(crate) async fn reported_at(
    tx: &Tx,
    reporter: UserId,
    target: ReportTarget,
) -> Result<Option<Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        created_at: Timestamp,
    }
    let sql = "SELECT created_at FROM reports WHERE target_id = $1 AND reporter_id = $2";
    let values = [target.id().into(), reporter.into()];
    let row: Option<Row> = tx.one(tx.statement(sql, values)).await?;
    Ok(row.map(|row| row.created_at))
}

/// Finds the open flag on a reported target: its ID and number.
pub(crate) async fn open_flag(
    tx: &Tx,
    target: ReportTarget,
) -> Result<Option<(FlagId, i64)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        number: i64,
    }
    let sql = "SELECT f.id, f.number FROM reports r JOIN fair_play_flags f ON f.id = r.flag_id \
               WHERE r.target_id = $1 AND f.state = $2 LIMIT 1";
    let values = [target.id().into(), FlagState::Open.as_str().into()];
    let row: Option<Row> = tx.one(tx.statement(sql, values)).await?;
    Ok(row.map(|row| (row.id.into(), row.number)))
}

/// A stored report with its words, unless they were erased.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct StoredReport {
    pub(crate) id: Uuid,
    pub(crate) flag_id: Uuid,
    pub(crate) reporter_id: Uuid,
    target_kind: TargetKind,
    target_id: Uuid,
    pub(crate) reason: ReportReason,
    pub(crate) words: Option<String>,
    pub(crate) created_at: Timestamp,
}

impl StoredReport {
    pub(crate) fn target(&self) -> ReportTarget {
        match self.target_kind {
            TargetKind::Repository => ReportTarget::Repository(self.target_id.into()),
            TargetKind::PullRequest => ReportTarget::PullRequest(self.target_id.into()),
        }
    }
}

const REPORT: &str = "r.id, r.flag_id, r.reporter_id, r.target_kind, r.target_id, r.reason, w.words, \
     r.created_at FROM reports r LEFT JOIN report_words w ON w.id = r.id";

/// Lists the reports of a flag, oldest first.
pub(crate) async fn of_flag(db: &impl Sql, flag: FlagId) -> Result<Vec<StoredReport>, DbError> {
    let sql = format!("SELECT {REPORT} WHERE r.flag_id = $1 ORDER BY r.created_at, r.id");
    db.all(db.statement(&sql, [flag.into()])).await
}

pub(crate) async fn report(db: &impl Sql, id: Uuid) -> Result<Option<StoredReport>, DbError> {
    let sql = format!("SELECT {REPORT} WHERE r.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Erases the words of a person's reports, and what others wrote in reports of their pull requests.
pub(crate) async fn erase(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let given = "DELETE FROM report_words WHERE id IN \
                 (SELECT r.id FROM reports r WHERE r.reporter_id = $1)";
    let received = "DELETE FROM report_words WHERE id IN (SELECT r.id FROM reports r \
                    JOIN contributions c ON c.pull_request_id = r.target_id WHERE c.author_id = $1)";
    erase_rows(tx, person.0, &[given, received]).await
}
