use std::collections::HashMap;

use github::model::DescribedRepository;
use kernel::Timestamp;
use platform::{
    db::{DbError, Sql},
    folded::FoldedText,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{HealthView, OpportunityView, opportunities};
use crate::{model::RepositoryFacts, rules::listing::key};

/// A followed repository, as pages and the API show it.
#[derive(Clone, Debug)]
pub(crate) struct RepositoryView {
    pub(crate) id: Uuid,
    /// `owner/name`.
    pub(crate) full_name: String,
    pub(crate) facts: RepositoryFacts,
    /// True if its issues are followed.
    pub(crate) is_followed: bool,
    pub(crate) health: HealthView,
    /// The number of its issues that can be done.
    pub(crate) opportunities: i64,
}

/// The order of a list of repositories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RepositoryOrder {
    /// The healthiest first.
    Health,
    /// The most attention that they gain first.
    Trend,
}

/// The requested repositories. Empty texts match all.
#[derive(Clone, Debug)]
pub(crate) struct RepositoryFilter {
    /// A part of the name.
    pub(crate) name: String,
    pub(crate) language: String,
    pub(crate) topic: String,
    pub(crate) order: RepositoryOrder,
    pub(crate) after: Option<(i64, Uuid)>,
}

const COLUMNS: &str = "h.id, h.repository_id, h.health, h.activity, h.community, h.documentation, h.reasons, \
     h.response_words, h.last_scanned_at, (SELECT count(*) FROM opportunities o WHERE o.repository_id = h.repository_id \
     AND o.status IN ('active', 'claimed')) AS opportunities";

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    repository_id: Uuid,
    health: i64,
    activity: i64,
    community: i64,
    documentation: i64,
    reasons: String,
    response_words: Option<String>,
    last_scanned_at: Timestamp,
    opportunities: i64,
    rank: i64,
}

impl Row {
    fn view(self, described: &DescribedRepository) -> Option<RepositoryView> {
        if described.is_hidden {
            return None;
        }
        Some(RepositoryView {
            id: self.repository_id,
            full_name: described.full_name.clone(),
            facts: RepositoryFacts::from(described),
            is_followed: described.is_followed,
            health: HealthView {
                health: self.health,
                activity: self.activity,
                community: self.community,
                documentation: self.documentation,
                reasons: serde_json::from_str(&self.reasons).unwrap_or_default(),
                response_words: self.response_words,
                last_scanned_at: self.last_scanned_at,
            },
            opportunities: self.opportunities,
        })
    }
}

/// A page of repositories, and the place of its last row if another page follows. Repositories that became private since they
/// were last read are left out, so a page can have fewer rows.
pub(crate) type RepositoryPage = (Vec<RepositoryView>, Option<(i64, Uuid)>);

/// Lists at most `limit` followed public repositories.
///
/// # Errors
/// When the database fails.
pub(crate) async fn repositories(
    db: &impl Sql,
    filter: &RepositoryFilter,
    limit: i64,
) -> Result<RepositoryPage, DbError> {
    let mut query = db.query();
    let rank = match filter.order {
        RepositoryOrder::Health => "h.health",
        RepositoryOrder::Trend => "h.trend",
    };
    let mut conditions = vec!["h.is_listed".to_owned(), format!("{rank} IS NOT NULL")];
    for (column, text) in [
        ("h.name_key", key(&filter.name)),
        ("h.facets", facet('l', &filter.language)),
        ("h.facets", facet('t', &filter.topic)),
    ] {
        if !text.is_empty() {
            conditions.push(query.contains(column, &FoldedText::of(&text)));
        }
    }
    if let Some((number, id)) = filter.after {
        let (number, id) = (query.bind(number), query.bind(id));
        conditions.push(format!("({rank}, h.id) < ({number}, {id})"));
    }
    let more = query.bind(limit + 1);
    let sql = format!(
        "SELECT {COLUMNS}, {rank} AS rank FROM repository_health h WHERE {} ORDER BY {rank} DESC, h.id DESC LIMIT {more}",
        conditions.join(" AND ")
    );
    let mut rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let limit = usize::try_from(limit).unwrap_or(0);
    let has_next = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| has_next);
    let next = next.map(|row| (row.rank, row.id));
    Ok((views(db, rows).await?, next))
}

fn facet(kind: char, text: &str) -> String {
    match key(text) {
        key if key.is_empty() => key,
        key => format!("|{kind}:{key}|"),
    }
}

async fn views(db: &impl Sql, rows: Vec<Row>) -> Result<Vec<RepositoryView>, DbError> {
    let of = rows.iter().map(|row| row.repository_id.into());
    let described = github::reads::described(db, of).await?;
    let described: HashMap<Uuid, DescribedRepository> =
        described.into_iter().map(|own| (own.id, own)).collect();
    let view = |row: Row| {
        let described = described.get(&row.repository_id)?;
        row.view(described)
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

/// Returns a repository that was read, by its ID; `None` if it is unknown or not public.
///
/// # Errors
/// When the database fails.
pub(crate) async fn repository(db: &impl Sql, id: Uuid) -> Result<Option<RepositoryView>, DbError> {
    let sql = format!(
        "SELECT {COLUMNS}, h.health AS rank FROM repository_health h WHERE h.repository_id = $1"
    );
    let rows = db.all(db.statement(&sql, [id.into()])).await?;
    Ok(views(db, rows).await?.pop())
}

/// Returns a repository that was read, by its name in any case; `None` if it is unknown or not public. If several had the name, it
/// is the one that was read last.
///
/// # Errors
/// When the database fails.
pub(crate) async fn repository_named(
    db: &impl Sql,
    full_name: &str,
) -> Result<Option<RepositoryView>, DbError> {
    let sql = format!(
        "SELECT {COLUMNS}, h.health AS rank FROM repository_health h WHERE h.name_key = $1 \
         ORDER BY h.last_scanned_at DESC LIMIT 1"
    );
    let rows = db.all(db.statement(&sql, [full_name.to_lowercase().into()])).await?;
    Ok(views(db, rows).await?.pop())
}

/// Lists at most `limit` issues of a repository that can be done, the most worthwhile first, and the place of the last one if more
/// follow.
///
/// # Errors
/// When the database fails.
pub(crate) async fn opportunities_of(
    db: &impl Sql,
    repository: Uuid,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<(Vec<OpportunityView>, Option<(i64, Uuid)>), DbError> {
    #[derive(FromQueryResult)]
    struct RepositoryPlace {
        id: Uuid,
        overall: i64,
    }
    let mut query = db.query();
    let repository = query.bind(repository);
    let after = match after {
        None => String::new(),
        Some((worth, id)) => {
            let (worth, id) = (query.bind(worth), query.bind(id));
            format!("AND (o.overall, o.id) < ({worth}, {id})")
        }
    };
    let more = query.bind(limit + 1);
    let sql = format!(
        "SELECT o.id, o.overall FROM opportunities o WHERE o.repository_id = {repository} \
         AND o.status IN ('active', 'claimed') {after} ORDER BY o.overall DESC, o.id DESC LIMIT {more}"
    );
    let mut rows: Vec<RepositoryPlace> = db.all(query.statement(sql)).await?;
    let limit = usize::try_from(limit).unwrap_or(0);
    let has_next = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| has_next);
    let next = next.map(|row| (row.overall, row.id));
    let wanted: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    Ok((opportunities(db, &wanted).await?, next))
}
