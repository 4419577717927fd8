//! The queue of exports of boards, their connections, and the cards that they created.

use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    crypto::SealedColumn,
    db::{DbError, Query, Sql as _, Tx},
    jobs::Queue,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{BoardService, HackathonId, TeamId};

pub(crate) const QUEUE: Queue = Queue { table: "board_exports" };

/// The column that holds encrypted values.
pub(crate) const SEALED: SealedColumn = SealedColumn {
    table: "board_exports",
    column: "credentials_secret",
    holds: "the credentials of teams for Trello and Notion",
    replaced: "teams connect their boards again",
    lock: CREDENTIALS,
};

/// The lock under which credentials are encrypted.
pub(crate) const CREDENTIALS: &str = "hackathons.board_exports";

/// The columns of [`ClaimedExport`].
pub(crate) const CLAIMED: &str =
    "id, attempts, team_id, service, board, credentials_secret, requests";

/// An export that a worker claimed.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ClaimedExport {
    pub(crate) id: Uuid,
    pub(crate) attempts: i64,
    pub(crate) team_id: Uuid,
    pub(crate) service: String,
    pub(crate) board: String,
    pub(crate) credentials_secret: Option<Vec<u8>>,
    /// The number of requests when it was claimed.
    pub(crate) requests: i64,
}

/// A connection of a team with a board at a service.
#[derive(Debug)]
pub(crate) struct NewConnection<'a> {
    pub(crate) hackathon: HackathonId,
    pub(crate) team: TeamId,
    pub(crate) connected_by: UserId,
    pub(crate) service: BoardService,
    pub(crate) board: &'a str,
    /// The credentials, encrypted.
    pub(crate) sealed: Vec<u8>,
}

/// Stores the connection of a team with a service. The caller holds the lock [`CREDENTIALS`], and has deleted the former connection.
pub(crate) async fn insert(
    tx: &Tx,
    id: Uuid,
    new: NewConnection<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO board_exports (id, created_at, hackathon_id, team_id, connected_by_id, service, board, \
               credentials_secret, requests) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)";
    let values = [
        id.into(),
        now.into(),
        new.hackathon.into(),
        new.team.into(),
        new.connected_by.into(),
        new.service.as_str().into(),
        new.board.into(),
        new.sealed.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Requests an export. One that is running is repeated after that.
pub(crate) async fn request(tx: &Tx, id: Uuid, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE board_exports SET requests = requests + 1, attempts = 0, dead_at = NULL, last_error = NULL, \
               due_at = CASE WHEN claimed_by IS NULL THEN $2 ELSE due_at END WHERE id = $1";
    tx.run(tx.statement(sql, [id.into(), now.into()])).await?;
    Ok(())
}

/// Ends a claimed export. A request that came meanwhile makes it due again. Returns false if another worker has it now, or the team
/// disconnected.
pub(crate) async fn end(
    tx: &Tx,
    worker: Uuid,
    claimed: &ClaimedExport,
    outcome: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE board_exports SET claimed_by = NULL, attempts = 0, completed_at = $4, outcome = $5, \
               last_error = NULL, due_at = CASE WHEN requests > $3 THEN $4 END WHERE id = $1 AND claimed_by = $2";
    let values =
        [claimed.id.into(), worker.into(), claimed.requests.into(), now.into(), outcome.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Records the card of a task. Returns false if the team disconnected.
pub(crate) async fn record(
    tx: &Tx,
    row: Uuid,
    export: Uuid,
    task: Uuid,
    card: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO board_cards (id, created_at, export_id, task_id, card) \
               SELECT $1, $2, e.id, $4, $5 FROM board_exports e WHERE e.id = $3 \
               ON CONFLICT (export_id, task_id) DO UPDATE SET card = excluded.card";
    let values = [row.into(), now.into(), export.into(), task.into(), card.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum DeletedExports {
    Team(TeamId, BoardService),
    /// The exports of a team that a person connected.
    Member(TeamId, UserId),
    /// All exports that a person connected.
    Person(UserId),
    Hackathon(HackathonId),
}

impl DeletedExports {
    /// Returns the condition on the rows of `board_exports`.
    fn condition(self, query: &mut Query) -> String {
        match self {
            Self::Team(team, service) => {
                let (team, service) = (query.bind(team), query.bind(service.as_str()));
                format!("team_id = {team} AND service = {service}")
            }
            Self::Member(team, person) => {
                let (team, person) = (query.bind(team), query.bind(person));
                format!("team_id = {team} AND connected_by_id = {person}")
            }
            Self::Person(person) => format!("connected_by_id = {}", query.bind(person)),
            Self::Hackathon(hackathon) => format!("hackathon_id = {}", query.bind(hackathon)),
        }
    }
}

/// Deletes connections with their credentials and records. Returns their number.
pub(crate) async fn delete(tx: &Tx, of: DeletedExports) -> Result<u64, DbError> {
    let mut query = tx.query();
    let condition = of.condition(&mut query);
    let sql = format!(
        "DELETE FROM board_cards WHERE export_id IN (SELECT id FROM board_exports WHERE {condition})"
    );
    tx.run(query.statement(sql)).await?;
    let mut query = tx.query();
    let sql = format!("DELETE FROM board_exports WHERE {}", of.condition(&mut query));
    tx.run(query.statement(sql)).await
}
