use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::db::{DbError, Query, Sql};

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Entry {
    pub id: Uuid,
    pub created_at: Timestamp,
    /// `person` or `operator`.
    pub actor_kind: String,
    /// The person, if the actor was one.
    pub actor_id: Option<Uuid>,
    /// The action, such as `project.create`.
    pub action: String,
    pub target_kind: String,
    pub target_id: Uuid,
    /// The state before, as JSON.
    pub before: Option<String>,
    /// The state after, as JSON.
    pub after: Option<String>,
    /// The reason, in the person's words.
    pub reason: Option<String>,
    /// The id of the request that caused it.
    pub request_id: Option<String>,
    /// The client's network.
    pub ip_prefix: Option<String>,
}

/// Filters entries of the log; an absent field matches all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Actions of this person.
    pub actor_id: Option<Uuid>,
    /// Actions of operators at the server's shell only.
    pub by_operator: bool,
    pub action: Option<String>,
    pub target_kind: Option<String>,
    pub target_id: Option<Uuid>,
    /// At this instant or later.
    pub since: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
    /// After the entry with this instant and id, in the order of the search.
    pub after: Option<(Timestamp, Uuid)>,
}

impl Filter {
    fn conditions(&self, query: &mut Query) -> String {
        let mut conditions = vec!["TRUE".to_owned()];
        let mut add = |text: &str, value: Option<String>| {
            conditions.extend(value.map(|value| format!("{text} {value}")));
        };
        add("actor_id =", self.actor_id.map(|id| query.bind(id)));
        let action = self.action.as_deref();
        add("action =", action.map(|action| query.bind(action)));
        let kind = self.target_kind.as_deref();
        add("target_kind =", kind.map(|kind| query.bind(kind)));
        add("target_id =", self.target_id.map(|id| query.bind(id)));
        add("created_at >=", self.since.map(|at| query.bind(at)));
        add("created_at <", self.until.map(|at| query.bind(at)));
        let after = self.after.map(|(at, id)| {
            let (at, id) = (query.bind(at), query.bind(id));
            format!("({at}, {id})")
        });
        add("(created_at, id) <", after);
        if self.by_operator {
            conditions.push("actor_kind = 'operator'".to_owned());
        }
        conditions.join(" AND ")
    }
}

/// Selects a column of `audit_words`, or of the entry itself if the previous release wrote it.
fn beside(column: &str) -> String {
    format!(
        "coalesce({column}, (SELECT w.{column} FROM audit_words w WHERE w.id = audit_logs.id)) \
         AS {column}"
    )
}

/// Returns the entries that match a filter, newest first.
pub async fn search(db: &impl Sql, filter: &Filter, limit: i64) -> Result<Vec<Entry>, DbError> {
    let mut query = db.query();
    let conditions = filter.conditions(&mut query);
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT id, created_at, actor_kind, actor_id, action, target_kind, target_id, before, \
         after, {}, request_id, {} FROM audit_logs WHERE {conditions} \
         ORDER BY created_at DESC, id DESC LIMIT {limit}",
        beside("reason"),
        beside("ip_prefix")
    );
    db.all(query.statement(sql)).await
}
