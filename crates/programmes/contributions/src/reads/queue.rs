use std::collections::HashMap;

use github::{
    model::{PullRequestId, RepositoryId},
    reads::PullRequest,
};
use kernel::Timestamp;
use platform::{
    db::{DbError, Query, Sql, ids},
    folded::FoldedText,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{model::ProjectId, rules::State};

platform::codes! {
    #[derive(Default, Hash)]
    QueuePart {
        /// Everything but the abandoned pull requests.
        #[default]
        All = "ALL";
        /// Waiting for a maintainer.
        Open = "OPEN";
        /// Reviewed, without a decision.
        UnderReview = "UNDER_REVIEW";
        ChangesRequested = "CHANGES_REQUESTED";
        /// Ready to be merged.
        Approved = "APPROVED";
        /// Without activity for so long that they left the queue.
        Abandoned = "ABANDONED";
    }
}

/// A filter of the queue. Absent fields match everything.
#[derive(Clone, Debug, Default)]
pub struct QueueFilter {
    pub projects: Vec<ProjectId>,
    pub part: QueuePart,
    pub repository: Option<RepositoryId>,
    /// Opened at or before this instant.
    pub opened_until: Option<Timestamp>,
    /// Last active at or before this instant.
    pub active_until: Option<Timestamp>,
    /// A text in the title, a label or `owner/name#number`, in any case.
    pub text: String,
}

/// An open pull request in the queue.
#[derive(Clone, Debug, FromQueryResult)]
pub struct QueueRow {
    pub pull_request_id: Uuid,
    pub project_id: Uuid,
    pub state: State,
    pub opened_at: Timestamp,
    /// When something last happened to it.
    pub active_at: Timestamp,
    /// When it becomes stale, or became.
    pub stale_at: Timestamp,
    /// When it becomes abandoned, or became.
    pub abandoned_at: Timestamp,
    /// The next time at which a review is released or it becomes abandoned.
    pub due_at: Timestamp,
    /// True if commits were pushed after the latest approval.
    pub has_new_commits: bool,
}

/// A pull request of the queue with its data from GitHub.
#[derive(Clone, Debug)]
pub struct Queued {
    pub row: QueueRow,
    pub pull: PullRequest,
}

#[derive(Clone, Debug, Default)]
pub struct QueuePage {
    /// The pull requests, those that run out first before others.
    pub rows: Vec<Queued>,
    /// The place after which the next page begins; absent on the last page.
    pub next: Option<(Timestamp, Uuid)>,
}

const ROW: &str = "c.pull_request_id, c.project_id, c.state, c.opened_at, c.active_at, c.stale_at, \
     c.abandoned_at, c.due_at, c.has_new_commits";

const OPEN: &str = "c.state NOT IN ('MERGED', 'CLOSED') AND c.due_at IS NOT NULL";

/// The number of rows that are read at once while a text is searched.
const BATCH: i64 = 200;

/// The maximum number of rows that are searched for a page.
const SEARCHED: usize = 5_000;

impl QueueFilter {
    fn projects(&self, query: &mut Query) -> String {
        match self.projects.as_slice() {
            [one] => format!("c.project_id = {}", query.bind(*one)),
            several => {
                let rows = query.rows(ids(several.iter().copied()), "p");
                format!("c.project_id IN (SELECT p.id FROM {rows})")
            }
        }
    }

    fn conditions(&self, query: &mut Query, now: Timestamp) -> String {
        let mut conditions = vec![self.projects(query), OPEN.to_owned()];
        let now = query.bind(now);
        conditions.push(match self.part {
            QueuePart::Abandoned => format!("c.abandoned_at <= {now}"),
            _ => format!("c.abandoned_at > {now}"),
        });
        if !matches!(self.part, QueuePart::All | QueuePart::Abandoned) {
            conditions.push(format!("c.state = {}", query.bind(self.part.as_str())));
        }
        if let Some(repository) = self.repository {
            conditions.push(format!("c.repository_id = {}", query.bind(repository)));
        }
        if let Some(until) = self.opened_until {
            conditions.push(format!("c.opened_at <= {}", query.bind(until)));
        }
        if let Some(until) = self.active_until {
            conditions.push(format!("c.active_at <= {}", query.bind(until)));
        }
        conditions.join(" AND ")
    }

    fn matches(&self, pull: &PullRequest) -> bool {
        let text = FoldedText::of(&self.text);
        let named = format!("{}#{}", pull.full_name, pull.number);
        let labels: Vec<String> = serde_json::from_str(&pull.labels).unwrap_or_default();
        let texts = [&pull.title, &named].into_iter().chain(&labels);
        text.is_empty() || texts.into_iter().any(|is| FoldedText::of(is).contains(&text))
    }
}

async fn rows(
    db: &impl Sql,
    filter: &QueueFilter,
    now: Timestamp,
    after: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<QueueRow>, DbError> {
    let mut query = db.query();
    let conditions = filter.conditions(&mut query, now);
    let after = after.map_or(String::new(), |(at, id)| {
        let (at, id) = (query.bind(at), query.bind(id));
        format!("AND (c.due_at, c.pull_request_id) > ({at}, {id})")
    });
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT {ROW} FROM contributions c WHERE {conditions} {after} \
         ORDER BY c.due_at, c.pull_request_id LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Reads a page of the queue after a place. Pull requests of private repositories are left out. While a text is searched,
/// a page may be shorter than `limit` although there is a next one, because the number of searched rows is bounded.
pub async fn queue(
    db: &impl Sql,
    filter: &QueueFilter,
    now: Timestamp,
    mut after: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<QueuePage, DbError> {
    let batch = if filter.text.is_empty() { limit + 1 } else { BATCH };
    let (mut page, mut searched) = (QueuePage::default(), 0);
    loop {
        let found = rows(db, filter, now, after, batch).await?;
        let is_last = (found.len() as i64) < batch;
        searched += found.len();
        let ids = found.iter().map(|row| row.pull_request_id.into());
        let mut pulls = github::reads::pull_requests(db, ids).await?;
        for row in found {
            let place = (row.due_at, row.pull_request_id);
            let pull = pulls.remove(&row.pull_request_id);
            if let Some(pull) = pull.filter(|pull| filter.matches(pull)) {
                if page.rows.len() as i64 == limit {
                    page.next = after;
                    return Ok(page);
                }
                page.rows.push(Queued { row, pull });
            }
            after = Some(place);
        }
        if is_last || searched >= SEARCHED {
            page.next = after.filter(|_| !is_last);
            return Ok(page);
        }
    }
}

/// Counts the pull requests of projects in each part of the queue.
pub async fn queue_counts(
    db: &impl Sql,
    projects: &[ProjectId],
    now: Timestamp,
) -> Result<HashMap<QueuePart, i64>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        part: QueuePart,
        pull_requests: i64,
    }
    let filter = QueueFilter { projects: projects.to_vec(), ..QueueFilter::default() };
    let mut query = db.query();
    let (projects, now) = (filter.projects(&mut query), query.bind(now));
    let sql = format!(
        "SELECT part, count(*) AS pull_requests FROM (SELECT CASE WHEN c.abandoned_at <= {now} \
         THEN 'ABANDONED' ELSE c.state END AS part FROM contributions c \
         WHERE {projects} AND {OPEN}) AS parts GROUP BY part"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let mut counts = HashMap::new();
    for row in rows {
        counts.insert(row.part, row.pull_requests);
        if row.part != QueuePart::Abandoned {
            *counts.entry(QueuePart::All).or_default() += row.pull_requests;
        }
    }
    Ok(counts)
}

/// Returns a pull request's place in the queue; `None` if it is not open.
pub async fn queue_row(db: &impl Sql, pull: PullRequestId) -> Result<Option<QueueRow>, DbError> {
    let sql = format!("SELECT {ROW} FROM contributions c WHERE c.pull_request_id = $1 AND {OPEN}");
    db.one(db.statement(&sql, [pull.into()])).await
}
