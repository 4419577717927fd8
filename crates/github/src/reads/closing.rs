use std::collections::BTreeMap;

use kernel::Timestamp;
use platform::db::{DbError, Sql, ascii_lower, begins_with};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{ClosingPull, IssueId, LinkedPull};

#[derive(FromQueryResult)]
struct RecordedPull {
    full_name: String,
    number: i64,
    state: String,
    author_id: Option<Uuid>,
    merged_at: Option<Timestamp>,
    github_updated_at: Timestamp,
}

impl RecordedPull {
    fn pull(self) -> ClosingPull {
        ClosingPull {
            name: format!("{}#{}", self.full_name, self.number),
            is_open: self.state == "open",
            author: self.author_id.map(Into::into),
            merged_at: self.merged_at,
            active_at: self.github_updated_at,
        }
    }
}

/// Returns the pull requests of an issue's repository that would close it, by name: those that are recorded with their history,
/// and those that GitHub listed with the issue when it was last read. Of two statements about one, the newer counts; a merge is
/// final. Pull requests elsewhere are left out: everyone can name any issue in a repository of their own.
///
/// # Errors
/// When the database fails.
pub async fn closing_pulls(db: &impl Sql, issue: IssueId) -> Result<Vec<ClosingPull>, DbError> {
    let select = "SELECT g.full_name, p.number, p.state, p.author_id, p.merged_at, p.github_updated_at FROM issues i";
    let joined = "JOIN pull_requests p ON p.id = c.pull_request_id JOIN repositories g ON g.id = p.repository_id";
    let own = format!(
        "{select} JOIN closing_references c ON c.repository_id = i.repository_id AND c.number = i.number {joined} \
         WHERE i.id = $1 AND p.repository_id = i.repository_id"
    );
    let named = format!(
        "{select} JOIN repositories own ON own.id = i.repository_id \
         JOIN closing_references c ON c.repository_name = {} AND c.number = i.number {joined} \
         WHERE i.id = $1 AND p.repository_id = i.repository_id",
        ascii_lower("own.full_name")
    );
    let mut recorded: Vec<RecordedPull> = db.all(db.statement(&own, [issue.into()])).await?;
    recorded.extend(db.all::<RecordedPull>(db.statement(&named, [issue.into()])).await?);
    let is_own = begins_with("l.name", "(own.full_name || '#')");
    let sql = format!(
        "SELECT l.name, l.is_open, l.author_github_id, l.merged_at, l.active_at FROM linked_pulls l \
         JOIN issues i ON i.id = l.issue_id JOIN repositories own ON own.id = i.repository_id \
         WHERE l.issue_id = $1 AND {is_own}"
    );
    let linked: Vec<LinkedPull> = db.all(db.statement(&sql, [issue.into()])).await?;
    let authors = linked.iter().filter_map(|pull| pull.author_github_id);
    let people = identity::reads::known(db, authors).await?;
    let linked = linked.into_iter().map(|pull| ClosingPull {
        author: pull.author_github_id.and_then(|id| people.get(&id)).map(|known| known.user_id),
        name: pull.name,
        is_open: pull.is_open,
        merged_at: pull.merged_at,
        active_at: pull.active_at,
    });
    let mut newest: BTreeMap<String, ClosingPull> = BTreeMap::new();
    for pull in recorded.into_iter().map(RecordedPull::pull).chain(linked) {
        let age = |pull: &ClosingPull| (pull.merged_at.is_some(), pull.active_at);
        let key = pull.name.to_lowercase();
        if newest.get(&key).is_none_or(|known| age(known) < age(&pull)) {
            newest.insert(key, pull);
        }
    }
    Ok(newest.into_values().collect())
}
