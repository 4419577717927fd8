//! Queries for this module as a programme: the sources of points, achievements and the dump.

use std::collections::HashMap;

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{Db, DbError, Kind, Sql, ids};
use recognition::{
    Targets,
    model::{Achievement, CanonicalPart},
    reads::dump_line,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::{HackathonView, ResultView, results, with_results};
use crate::model::{APPLICATIONS, JuryOutcome, ON_TIME, SELECTIONS, Visibility, WINS};

/// The submission that is the source of points, with its hackathon.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct SourceView {
    id: Uuid,
    submission_id: Uuid,
    title: String,
    disqualified_at: Option<Timestamp>,
    pub(crate) hackathon: String,
    slug: String,
    visibility: Visibility,
}

impl SourceView {
    pub(crate) fn is_disqualified(&self) -> bool {
        self.disqualified_at.is_some()
    }

    pub(crate) fn is_private(&self) -> bool {
        self.visibility == Visibility::Private
    }

    /// Returns the name of the project with that of the hackathon; an erased project has no name.
    pub(crate) fn label(&self) -> String {
        if self.title.is_empty() {
            self.hackathon.clone()
        } else {
            format!("{}, {}", self.title, self.hackathon)
        }
    }

    /// Returns the path of the page. A disqualified project has none, so it is that of the hackathon.
    pub(crate) fn address(&self) -> String {
        let hackathon = format!("/hackathons/{}", self.slug);
        if self.is_disqualified() {
            hackathon
        } else {
            format!("{hackathon}/projects/{}", self.submission_id)
        }
    }
}

/// Finds the submissions of results, by the IDs of the results.
pub(crate) async fn point_sources(
    db: &impl Sql,
    results: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, SourceView>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(results), "r");
    let sql = format!(
        "SELECT x.id, x.submission_id, s.title, s.disqualified_at, h.title AS hackathon, h.slug, h.visibility \
         FROM {rows} JOIN hackathon_results x ON x.id = r.id JOIN submissions s ON s.id = x.submission_id \
         JOIN hackathons h ON h.id = x.hackathon_id"
    );
    let found: Vec<SourceView> = db.all(query.statement(sql)).await?;
    Ok(found.into_iter().map(|row| (row.id, row)).collect())
}

/// Finds the names and pages of hackathons, for the audit log.
pub(crate) async fn hackathon_targets(
    db: &impl Sql,
    hackathons: impl IntoIterator<Item = Uuid>,
) -> Result<Targets, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        slug: String,
    }
    let mut query = db.query();
    let rows = query.rows(ids(hackathons), "r");
    let sql = format!("SELECT h.id, h.slug FROM {rows} JOIN hackathons h ON h.id = r.id");
    let found: Vec<Row> = db.all(query.statement(sql)).await?;
    let named = |row: Row| {
        let address = format!("/hackathons/{}", row.slug);
        (row.id, (row.slug, address))
    };
    Ok(found.into_iter().map(named).collect())
}

/// Lists what people achieved: applications, and results with submissions on time, selections by the jury and wins.
pub(crate) async fn achievements(
    db: &impl Sql,
    people: &[UserId],
) -> Result<Vec<Achievement>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(people.iter().copied()), "r");
    let late = query.bind(true);
    let sql = format!(
        "SELECT a.user_id, '{APPLICATIONS}' AS metric, a.created_at, a.status IS NULL AS is_void FROM {rows} \
         JOIN applications a ON a.user_id = r.id UNION ALL \
         SELECT x.user_id, k.metric, x.created_at, s.disqualified_at IS NOT NULL FROM {rows} \
         JOIN hackathon_results x ON x.user_id = r.id JOIN submissions s ON s.id = x.submission_id \
         JOIN (SELECT '{ON_TIME}' AS metric UNION ALL SELECT '{SELECTIONS}' UNION ALL SELECT '{WINS}') k \
         ON (k.metric = '{ON_TIME}' AND x.is_late <> {late}) \
         OR (k.metric = '{SELECTIONS}' AND x.outcome IS NOT NULL) \
         OR (k.metric = '{WINS}' AND x.outcome = 'winner')"
    );
    let columns = [
        ("user_id", Kind::Uuid),
        ("metric", Kind::Text),
        ("created_at", Kind::At),
        ("is_void", Kind::Bool),
    ];
    let found: Vec<(Uuid, String, Timestamp, bool)> =
        db.documents(query.documents(&columns, &sql)).await?;
    let achievement = |(person, metric, at, is_void): (Uuid, String, Timestamp, bool)| {
        let known = [APPLICATIONS, ON_TIME, SELECTIONS, WINS];
        let metric = known.into_iter().find(|known| *known == metric)?;
        Some(Achievement {
            user_id: person.into(),
            metric,
            at,
            order: 0,
            amount: 1,
            rating: None,
            is_void,
        })
    };
    Ok(found.into_iter().filter_map(achievement).collect())
}

/// Returns the results of all hackathons, for a dump.
pub(crate) async fn dump(db: &Db) -> Result<CanonicalPart, DbError> {
    let people = identity::reads::canonical(db).await?;
    let people: HashMap<Uuid, String> =
        (people.into_iter()).map(|person| (person.id, person.github_id)).collect();
    let (mut lines, mut sources) = (Vec::new(), HashMap::new());
    for hackathon in with_results(db).await? {
        let Some(view) = super::hackathon_by_id(db, hackathon).await? else {
            continue;
        };
        for result in results(db, hackathon).await? {
            let person = people.get(&result.person().0).map_or("", String::as_str);
            lines.push(line(&view, &result, person));
            sources.insert(result.id, format!("{} {person}", view.slug));
        }
    }
    lines.sort_unstable();
    Ok(CanonicalPart { lines, sources, ..CanonicalPart::default() })
}

fn line(hackathon: &HackathonView, result: &ResultView, person: &str) -> String {
    let object = json!({
        "hackathon": hackathon.slug,
        "person": person,
        "is_late": result.is_late,
        "outcome": result.outcome().map(JuryOutcome::as_str),
        "is_disqualified": result.is_disqualified(),
        "published_at": result.created_at,
    });
    dump_line("hackathon_result", &object)
}
