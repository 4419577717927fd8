//! Who did what to whom, and why. Append-only: rows hold ids and codes. Words about people, and the networks
//! they came from, stand in rows beside them that can be erased.

mod origin;
mod search;
mod words;

use kernel::{Problem, ProblemKind, Timestamp};
use sea_orm::FromQueryResult;
use sea_orm_migration::{MigrationTrait, SchemaManager, sea_orm::DbErr};
use uuid::Uuid;

use crate::{
    Context,
    db::{
        DbError, Sql, Tx,
        schema::{self, append_only, index, never_replaced, optional, table, text, uuid},
    },
};

pub use origin::Origin;
pub use search::{Entry, Filter, search};
pub use words::{erase, export};

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person, by their account.
    Person(Uuid),
    /// Someone at the server's shell.
    Operator,
}

/// One act of a person.
#[derive(Clone, Debug)]
pub struct Act<'a> {
    /// Who did it.
    pub actor: Actor,
    /// What was done: `project.create`.
    pub action: &'static str,
    /// The kind of thing it was done to: `project`.
    pub target_kind: &'static str,
    /// The thing it was done to.
    pub target_id: Uuid,
    /// What stood before, as JSON.
    pub before: Option<serde_json::Value>,
    /// What stands now, as JSON.
    pub after: Option<serde_json::Value>,
    /// Why, in the person's words.
    pub reason: Option<&'a str>,
}

/// Why somebody acts, in their words and without the blanks around them.
///
/// # Errors
/// A sentence when nothing is said.
pub fn reason(said: &str) -> Result<&str, Problem> {
    let said = said.trim();
    if said.is_empty() {
        let detail = "Enter a reason. The audit log records it.";
        let problem = Problem::new(ProblemKind::Invalid, "REASON_REQUIRED", detail);
        return Err(problem.at("reason"));
    }
    Ok(said)
}

/// Writes the act into the log, in the caller's transaction, with the request it came by.
pub async fn record(tx: &Tx, context: &Context, act: Act<'_>) -> Result<(), DbError> {
    let (actor_kind, actor_id) = match act.actor {
        Actor::Person(id) => ("person", Some(id)),
        Actor::Operator => ("operator", None),
    };
    let origin = Origin::of_this();
    let (id, now) = (context.ids.next(), context.now());
    let sql = "INSERT INTO audit_logs (id, created_at, actor_kind, actor_id, action, target_kind, \
               target_id, before, after, request_id) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let values = [
        id.into(),
        now.into(),
        actor_kind.into(),
        actor_id.into(),
        act.action.into(),
        act.target_kind.into(),
        act.target_id.into(),
        act.before.map(|json| json.to_string()).into(),
        act.after.map(|json| json.to_string()).into(),
        origin.request_id.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    words::insert(tx, id, now, act.reason, origin.ip_prefix).await
}

/// An act as it was recorded.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Recorded {
    /// Its id.
    pub id: Uuid,
    /// What stood before, as JSON.
    pub before: Option<String>,
    /// What stands since, as JSON.
    pub after: Option<String>,
}

/// The acts of one kind on a thing since an instant, the oldest first.
pub async fn acts(
    db: &impl Sql,
    action: &'static str,
    target_id: Uuid,
    since: Timestamp,
) -> Result<Vec<Recorded>, DbError> {
    let kind = action.split('.').next().unwrap_or_default();
    let sql = "SELECT id, before, after FROM audit_logs WHERE target_kind = $1 AND target_id = $2 \
               AND action = $3 AND created_at >= $4 ORDER BY id";
    let values = [kind.into(), target_id.into(), action.into(), since.into()];
    db.all(db.statement(sql, values)).await
}

crate::migration!(
    /// The audit log.
    CreateAuditLogs,
    "2026_11_01_000002_create_audit_logs",
    create
);

crate::migration!(
    /// The log can be searched, and no line of it be replaced.
    SearchAuditLogs,
    "2026_11_21_000004_search_audit_logs",
    search_logs
);

pub(crate) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(CreateAuditLogs),
        Box::new(SearchAuditLogs),
        words::migration(),
    ]
}

async fn search_logs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in ["actor_id", "action"] {
        let columns = [column, "created_at"];
        manager.create_index(index("audit_logs", &columns)).await?;
    }
    never_replaced(manager, "audit_logs", &[&["id"]]).await
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut logs = table("audit_logs");
    logs.col(text("actor_kind"))
        .col(optional(&uuid("actor_id")))
        .col(text("action"))
        .col(text("target_kind"))
        .col(uuid("target_id"))
        .col(optional(&text("before")))
        .col(optional(&text("after")))
        .col(optional(&text("reason")))
        .col(optional(&text("request_id")))
        .col(optional(&text("ip_prefix")));
    manager.create_table(logs).await?;
    manager
        .create_index(index("audit_logs", &["target_kind", "target_id"]))
        .await?;
    append_only(manager, "audit_logs").await?;
    schema::run(
        manager,
        "CREATE INDEX audit_logs_created_at ON audit_logs (created_at)",
    )
    .await
}
