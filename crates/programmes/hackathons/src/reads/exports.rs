//! Queries for exports of boards.

use std::collections::BTreeMap;

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql, own_rows};
use sea_orm::FromQueryResult;
use serde_json::Value;
use uuid::Uuid;

use crate::model::TeamId;

/// The connection of a team to a board at Trello. It never contains the credentials.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ExportView {
    /// The ID.
    pub id: Uuid,
    /// The person who connected it.
    pub connected_by_id: Uuid,
    /// The login of that person.
    #[sea_orm(skip)]
    pub connected_by: Option<String>,
    /// The ID of the board at Trello.
    pub board: String,
    /// When it was connected.
    pub created_at: Timestamp,
    /// When the next attempt is due; empty if nothing is to be exported.
    pub due_at: Option<Timestamp>,
    /// When the last export ended.
    pub completed_at: Option<Timestamp>,
    /// The result of the last export that ended.
    pub outcome: Option<String>,
    /// The reason why the last attempt failed.
    pub last_error: Option<String>,
}

/// Finds the connection of a team.
pub async fn board_export(db: &impl Sql, team: TeamId) -> Result<Option<ExportView>, DbError> {
    let sql = "SELECT e.id, e.connected_by_id, e.board, e.created_at, e.due_at, e.completed_at, e.outcome, e.last_error \
               FROM board_exports e WHERE e.team_id = $1";
    let found: Option<ExportView> = db.one(db.statement(sql, [team.into()])).await?;
    let Some(mut export) = found else {
        return Ok(None);
    };
    let person = UserId::new(export.connected_by_id);
    let mut logins = identity::reads::logins(db, [person]).await?;
    export.connected_by = logins.remove(&person);
    Ok(Some(export))
}

/// Returns the recorded cards of an export by task.
pub async fn board_cards(db: &impl Sql, export: Uuid) -> Result<BTreeMap<Uuid, String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        task_id: Uuid,
        card: String,
    }
    let sql = "SELECT c.task_id, c.card FROM board_cards c WHERE c.export_id = $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [export.into()])).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.task_id, row.card))
        .collect())
}

/// Exports the connections to Trello that a person made, without credentials.
pub(super) async fn export_connections(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("team", Kind::Text),
        ("board", Kind::Text),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, t.name AS team, e.board, e.created_at FROM board_exports e \
               JOIN hackathons h ON h.id = e.hackathon_id JOIN teams t ON t.id = e.team_id \
               WHERE e.connected_by_id = $1 ORDER BY e.id";
    own_rows(db, person.0, &columns, sql).await
}
