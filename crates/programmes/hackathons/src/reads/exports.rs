//! Queries for exports of boards.

use std::collections::BTreeMap;

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql, own_rows};
use sea_orm::FromQueryResult;
use serde_json::Value;
use uuid::Uuid;

use crate::model::{BoardService, TeamId};

/// The connection of the board of a team with a service. It never contains the credentials.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ExportView {
    pub id: Uuid,
    /// The person who connected it.
    pub connected_by_id: Uuid,
    /// The login of that person.
    #[sea_orm(skip)]
    pub connected_by: Option<String>,
    pub service: BoardService,
    /// The ID of the board at the service.
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

/// Lists the connections of a team, in the order of [`BoardService`].
pub async fn board_exports(db: &impl Sql, team: TeamId) -> Result<Vec<ExportView>, DbError> {
    let sql = "SELECT e.id, e.connected_by_id, e.service, e.board, e.created_at, e.due_at, e.completed_at, e.outcome, \
               e.last_error FROM board_exports e WHERE e.team_id = $1";
    let mut found: Vec<ExportView> = db.all(db.statement(sql, [team.into()])).await?;
    let people = found.iter().map(|it| UserId::new(it.connected_by_id));
    let logins = identity::reads::logins(db, people).await?;
    for export in &mut found {
        let person = UserId::new(export.connected_by_id);
        export.connected_by = logins.get(&person).cloned();
    }
    found.sort_by_key(|it| it.service);
    Ok(found)
}

/// Finds the connection of a team with a service.
pub async fn board_export(
    db: &impl Sql,
    team: TeamId,
    service: BoardService,
) -> Result<Option<ExportView>, DbError> {
    let found = board_exports(db, team).await?;
    Ok(found.into_iter().find(|it| it.service == service))
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
    Ok(rows.into_iter().map(|row| (row.task_id, row.card)).collect())
}

/// Exports the connections of boards that a person made, without credentials.
pub(super) async fn export_connections(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("team", Kind::Text),
        ("service", Kind::Text),
        ("board", Kind::Text),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, t.name AS team, e.service, e.board, e.created_at FROM board_exports e \
               JOIN hackathons h ON h.id = e.hackathon_id JOIN teams t ON t.id = e.team_id \
               WHERE e.connected_by_id = $1 ORDER BY e.id";
    own_rows(db, person.0, &columns, sql).await
}
