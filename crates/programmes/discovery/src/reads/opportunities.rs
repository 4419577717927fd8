use std::collections::{BTreeSet, HashMap};

use github::model::DescribedRepository;
use kernel::Timestamp;
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::pooled::USUAL_HEALTH;
use crate::model::{Analysis, Opportunity, Reason, Status, WorkKind};

/// An opportunity, as pages and the API show it. Descriptions are long, so [`bodies`] reads those that are shown.
#[derive(Clone, Debug)]
pub(crate) struct OpportunityView {
    pub(crate) id: Uuid,
    pub(crate) repository_id: Uuid,
    /// The repository, `owner/name`.
    pub(crate) repository: String,
    pub(crate) topics: Vec<String>,
    pub(crate) number: i64,
    pub(crate) status: Status,
    issue_id: Uuid,
    pub(crate) title: String,
    pub(crate) labels: Vec<String>,
    pub(crate) analysis: Analysis,
    pub(crate) comments: i64,
    pub(crate) reactions: i64,
    /// Why it cannot be done.
    pub(crate) dropped_reason: Option<String>,
    pub(crate) opened_at: Timestamp,
    pub(crate) active_at: Timestamp,
    pub(crate) first_seen_at: Timestamp,
    pub(crate) health: Option<HealthView>,
}

/// The health of a repository, each number of 100.
#[derive(Clone, Debug)]
pub(crate) struct HealthView {
    pub(crate) health: i64,
    pub(crate) activity: i64,
    pub(crate) community: i64,
    pub(crate) documentation: i64,
    pub(crate) reasons: Vec<Reason>,
    /// How maintainers respond, in words.
    pub(crate) response_words: Option<String>,
    pub(crate) last_scanned_at: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    repository_id: Uuid,
    issue_id: Uuid,
    number: i64,
    status: Status,
    title: String,
    labels: String,
    analysis: String,
    comments: i64,
    reactions: i64,
    dropped_reason: Option<String>,
    opened_at: Timestamp,
    active_at: Timestamp,
    first_seen_at: Timestamp,
    health: Option<i64>,
    activity: Option<i64>,
    community: Option<i64>,
    documentation: Option<i64>,
    reasons: Option<String>,
    response_words: Option<String>,
    last_scanned_at: Option<Timestamp>,
}

/// Returns opportunities by their IDs, in the given order. Unknown ones, and those of repositories that are not public, are
/// left out.
///
/// # Errors
/// When the database fails.
pub(crate) async fn opportunities(
    db: &impl Sql,
    wanted: &[Uuid],
) -> Result<Vec<OpportunityView>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(wanted.iter().copied()), "r");
    let sql = format!(
        "SELECT o.id, o.repository_id, o.issue_id, o.number, o.status, o.title, o.labels, o.analysis, o.comments, \
         o.reactions, o.dropped_reason, o.opened_at, o.active_at, o.first_seen_at, h.health, h.activity, h.community, \
         h.documentation, h.reasons, h.response_words, h.last_scanned_at FROM {rows} JOIN opportunities o ON o.id = r.id \
         LEFT JOIN repository_health h ON h.repository_id = o.repository_id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let repositories: BTreeSet<Uuid> = rows.iter().map(|row| row.repository_id).collect();
    let repositories = repositories.into_iter().map(Into::into);
    let described = github::reads::described(db, repositories).await?;
    let described: HashMap<Uuid, DescribedRepository> =
        described.into_iter().map(|own| (own.id, own)).collect();
    let views = rows.into_iter().filter_map(|row| {
        let described = described.get(&row.repository_id)?;
        let view = row.view(described)?;
        Some((view.id, view))
    });
    let mut views: HashMap<Uuid, OpportunityView> = views.collect();
    Ok(wanted.iter().filter_map(|id| views.remove(id)).collect())
}

/// Returns the descriptions of opportunities, as Markdown, by the IDs of the opportunities.
///
/// # Errors
/// When the database fails.
pub(crate) async fn bodies(
    db: &impl Sql,
    of: &[OpportunityView],
) -> Result<HashMap<Uuid, String>, DbError> {
    let issues = github::reads::issues(db, of.iter().map(|own| own.issue_id.into())).await?;
    let mut bodies: HashMap<Uuid, String> =
        issues.into_iter().map(|own| (own.id, own.body)).collect();
    let body = |own: &OpportunityView| Some((own.id, bodies.remove(&own.issue_id)?));
    Ok(of.iter().filter_map(body).collect())
}

/// Returns one opportunity; `None` if there is none with this ID, or its repository is not public.
///
/// # Errors
/// When the database fails.
pub(crate) async fn opportunity(
    db: &impl Sql,
    id: Uuid,
) -> Result<Option<OpportunityView>, DbError> {
    Ok(opportunities(db, &[id]).await?.pop())
}

impl Row {
    fn view(self, described: &DescribedRepository) -> Option<OpportunityView> {
        if described.is_hidden {
            return None;
        }
        let health = self.health();
        let profile = described.profile.as_ref();
        Some(OpportunityView {
            id: self.id,
            repository_id: self.repository_id,
            repository: described.full_name.clone(),
            topics: profile.map(|(own, _)| own.topics.clone()).unwrap_or_default(),
            number: self.number,
            status: self.status,
            issue_id: self.issue_id,
            title: self.title,
            labels: serde_json::from_str(&self.labels).unwrap_or_default(),
            analysis: serde_json::from_str(&self.analysis).ok()?,
            comments: self.comments,
            reactions: self.reactions,
            dropped_reason: self.dropped_reason,
            opened_at: self.opened_at,
            active_at: self.active_at,
            first_seen_at: self.first_seen_at,
            health,
        })
    }

    fn health(&self) -> Option<HealthView> {
        let reasons = self.reasons.as_deref().unwrap_or_default();
        Some(HealthView {
            health: self.health?,
            activity: self.activity?,
            community: self.community?,
            documentation: self.documentation?,
            reasons: serde_json::from_str(reasons).unwrap_or_default(),
            response_words: self.response_words.clone(),
            last_scanned_at: self.last_scanned_at?,
        })
    }
}

impl OpportunityView {
    /// Returns the address of its page.
    pub(crate) fn address(&self) -> String {
        format!("/discover/{}", self.id)
    }

    /// Returns the address of its issue on GitHub.
    pub(crate) fn issue_address(&self) -> String {
        format!("https://github.com/{}/issues/{}", self.repository, self.number)
    }

    pub(crate) fn kind(&self) -> WorkKind {
        self.analysis.kind
    }

    /// Returns it as rules compare it with others.
    pub(crate) fn compared(&self) -> Opportunity {
        let own = &self.analysis;
        let name = self.repository.rsplit('/').next().unwrap_or_default();
        let health = self.health.as_ref();
        Opportunity {
            repository: self.repository_id,
            repository_name: name.to_owned(),
            kind: own.kind,
            skills: own.skills.clone(),
            language: own.language.clone(),
            topics: self.topics.clone(),
            labels: self.labels.clone(),
            complexity: own.complexity,
            impact: own.impact,
            confidence: own.confidence,
            hours: own.hours,
            is_good_first: own.is_good_first,
            health: u8::try_from(health.map_or(USUAL_HEALTH, |own| own.health)).unwrap_or(100),
        }
    }
}
