use std::collections::{BTreeSet, HashMap};

use github::model::DescribedRepository;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{Opportunity, Status, WorkKind},
    rules::analysis::least_hours,
};

/// The opportunities that are read at once.
const PAGE: i64 = 2_000;

/// The health of a repository that was not read.
pub(super) const USUAL_HEALTH: i64 = 50;

/// A change of an opportunity, as the pool of free ones follows it.
#[derive(Clone, Debug)]
pub(crate) struct Pooled {
    /// The opportunity.
    pub(crate) id: Uuid,
    /// The opportunity as it is matched, with its worth in thousandths; `None` if it is not free.
    pub(crate) free: Option<(Opportunity, i64)>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    repository_id: Uuid,
    kind: WorkKind,
    status: Status,
    labels: String,
    complexity: i64,
    impact: i64,
    confidence: i64,
    overall: i64,
    required_skills: String,
    estimated_hours: i64,
    language: Option<String>,
    is_good_first: bool,
    changed_seq: i64,
    health: Option<i64>,
}

/// Returns the next changes after the change `after`, in their order, and the number of the last of them; none at the end.
///
/// # Errors
/// When the database fails.
pub(crate) async fn pooled(db: &impl Sql, after: i64) -> Result<(Vec<Pooled>, i64), DbError> {
    let sql = "SELECT o.id, o.repository_id, o.type AS kind, o.status, o.labels, o.complexity, o.impact, o.confidence, \
               o.overall, o.required_skills, o.estimated_hours, o.language, o.is_good_first, o.changed_seq, h.health \
               FROM opportunities o LEFT JOIN repository_health h ON h.repository_id = o.repository_id \
               WHERE o.changed_seq > $1 ORDER BY o.changed_seq LIMIT $2";
    let rows: Vec<Row> = db.all(db.statement(sql, [after.into(), PAGE.into()])).await?;
    let last = rows.last().map_or(after, |row| row.changed_seq);
    let free = rows.iter().filter(|row| row.is_free());
    let repositories: BTreeSet<Uuid> = free.map(|row| row.repository_id).collect();
    let repositories = repositories.into_iter().map(Into::into);
    let described = github::reads::described(db, repositories).await?;
    let described: HashMap<Uuid, DescribedRepository> =
        described.into_iter().map(|own| (own.id, own)).collect();
    let changes = rows.into_iter().map(|row| Pooled {
        id: row.id,
        free: described
            .get(&row.repository_id)
            .filter(|of| row.is_free() && !of.is_hidden)
            .map(|of| (row.opportunity(of), row.overall)),
    });
    Ok((changes.collect(), last))
}

impl Row {
    fn is_free(&self) -> bool {
        self.status == Status::Active
    }

    fn opportunity(&self, described: &DescribedRepository) -> Opportunity {
        let list = |json: &str| serde_json::from_str(json).unwrap_or_default();
        let fraction = |stored: i64| stored as f64 / 1_000.0;
        let (complexity, most) = (fraction(self.complexity), fraction(self.estimated_hours));
        let profile = described.profile.as_ref();
        Opportunity {
            repository: self.repository_id,
            repository_name: String::new(),
            kind: self.kind,
            skills: list(&self.required_skills),
            language: self.language.clone(),
            topics: profile.map(|(own, _)| own.topics.clone()).unwrap_or_default(),
            labels: list(&self.labels),
            complexity,
            impact: fraction(self.impact),
            confidence: fraction(self.confidence),
            hours: (least_hours(complexity, most), most),
            is_good_first: self.is_good_first,
            health: u8::try_from(self.health.unwrap_or(USUAL_HEALTH)).unwrap_or(100),
        }
    }
}
