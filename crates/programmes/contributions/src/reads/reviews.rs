use std::collections::{BTreeSet, HashMap};

use github::model::PullRequestId;
use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use ui::Who;
use uuid::Uuid;

use crate::{
    model::{ReviewAction, ReviewVerdict},
    store::reviews::{self, OpenReview, ReviewRow},
};

/// A review of a pull request, as shown on pages.
#[derive(Clone, Debug)]
pub struct ReviewView {
    pub id: Uuid,
    pub pull_request_id: Uuid,
    pub reviewer_id: UserId,
    /// The reviewer's login.
    pub reviewer: String,
    /// The reviewer as lists show them.
    pub who: Who,
    pub action: ReviewAction,
    /// The rating, 1 to 5.
    pub rating: Option<i64>,
    /// The decision in a conflict of reviews.
    pub decision: Option<ReviewVerdict>,
    /// True for the release of an idle review.
    pub is_automatic: bool,
    /// The comment that everyone can read.
    pub public_comment: Option<String>,
    /// The comment that only maintainers can read.
    pub internal_comment: Option<String>,
    pub at: Timestamp,
}

impl ReviewView {
    /// Returns whether it contains nothing for others than maintainers.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.action == ReviewAction::Commented
            && self.public_comment.is_none()
            && self.rating.is_none()
    }

    /// Removes what only maintainers can read; `None` if nothing is left.
    #[must_use]
    pub fn public(self) -> Option<Self> {
        let public = Self { internal_comment: None, ..self };
        (!public.is_internal()).then_some(public)
    }
}

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    review: ReviewRow,
    public_comment: Option<String>,
    internal_comment: Option<String>,
}

const REVIEW: &str = "v.id, v.created_at, v.pull_request_id, v.reviewer_id, v.action, v.rating, v.decision, \
     v.is_automatic, w.public_comment, w.internal_comment \
     FROM pr_reviews v LEFT JOIN pr_review_words w ON w.id = v.id";

/// Lists all reviews of a pull request, oldest first, with what only maintainers can read.
pub async fn reviews(db: &impl Sql, pull: PullRequestId) -> Result<Vec<ReviewView>, DbError> {
    let sql = format!("SELECT {REVIEW} WHERE v.pull_request_id = $1 ORDER BY v.created_at, v.id");
    let rows: Vec<Row> = db.all(db.statement(&sql, [pull.into()])).await?;
    views(db, rows).await
}

pub async fn review(db: &impl Sql, id: Uuid) -> Result<Option<ReviewView>, DbError> {
    let sql = format!("SELECT {REVIEW} WHERE v.id = $1");
    let rows: Vec<Row> = db.all(db.statement(&sql, [id.into()])).await?;
    Ok(views(db, rows).await?.pop())
}

async fn views(db: &impl Sql, rows: Vec<Row>) -> Result<Vec<ReviewView>, DbError> {
    let people: BTreeSet<_> = rows.iter().map(|row| row.review.reviewer_id).collect();
    let known = identity::reads::who(db, people.into_iter().map(UserId::new)).await?;
    let view = |row: Row| {
        let review = row.review.read();
        let who = known.get(&review.reviewer).cloned().unwrap_or_default();
        Ok(ReviewView {
            id: review.id,
            pull_request_id: row.review.pull_request_id,
            reviewer: who.login.clone(),
            who,
            reviewer_id: review.reviewer,
            action: review.action,
            rating: row.review.rating,
            decision: review.decision,
            is_automatic: review.is_automatic,
            public_comment: row.public_comment,
            internal_comment: row.internal_comment,
            at: review.at,
        })
    };
    rows.into_iter().map(view).collect()
}

/// A review in progress, as shown on pages.
#[derive(Clone, Debug)]
pub struct ReviewerView {
    pub reviewer_id: UserId,
    pub login: String,
    /// The person as lists show them.
    pub who: Who,
    /// When the review began.
    pub since: Timestamp,
    /// When the reviewer last did something.
    pub active_at: Timestamp,
}

/// Returns the reviews in progress of pull requests, by pull request, oldest first.
pub async fn reviewers(
    db: &impl Sql,
    pulls: impl IntoIterator<Item = PullRequestId>,
) -> Result<HashMap<Uuid, Vec<ReviewerView>>, DbError> {
    let open = reviews::open_of(db, pulls).await?;
    let people: BTreeSet<_> = open.iter().map(|open| open.reviewer_id).collect();
    let known = identity::reads::who(db, people.into_iter().map(UserId::new)).await?;
    let mut found: HashMap<Uuid, Vec<ReviewerView>> = HashMap::new();
    for open in open {
        let OpenReview { pull_request_id, reviewer_id, started_at, active_at, .. } = open;
        let reviewer_id = reviewer_id.into();
        let who = known.get(&reviewer_id).cloned().unwrap_or_default();
        found.entry(pull_request_id).or_default().push(ReviewerView {
            reviewer_id,
            login: who.login.clone(),
            who,
            since: started_at,
            active_at,
        });
    }
    Ok(found)
}
