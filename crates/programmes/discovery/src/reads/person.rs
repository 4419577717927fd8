use std::collections::{BTreeMap, BTreeSet};

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql, ids, own_rows};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{claims, export_watches, feedback::dismissals};
use crate::{
    model::{MergedWork, Person, Preferences},
    rules::learned::learned,
    store::preferences,
};

/// The newest merged pull requests that are learned from.
const MERGED: i64 = 200;

/// A person, with what they state.
#[derive(Clone, Debug)]
pub(crate) struct Profiled {
    /// The person that issues are matched with.
    pub(crate) person: Person,
    /// Their preferences; `None` before they stated some.
    pub(crate) stated: Option<Preferences>,
}

/// Returns a person as issues are matched with them.
///
/// # Errors
/// When the database fails.
pub(crate) async fn profiled(db: &impl Sql, person: UserId) -> Result<Profiled, DbError> {
    let stated = preferences::of_person(db, person).await?;
    let merged = merged(db, person).await?;
    let dismissed = dismissals(db, person).await?;
    let usual = Preferences::default();
    Ok(Profiled { person: learned(stated.as_ref().unwrap_or(&usual), &merged, dismissed), stated })
}

/// A stamp that changes with what is proposed to a person: the issues, what they stated, and what they merged.
#[derive(Clone, Debug, PartialEq, Eq, Hash, FromQueryResult)]
pub(crate) struct OfferStamp {
    changed: i64,
    stated: i64,
    last_stated_at: Option<Timestamp>,
    preferred_at: Option<Timestamp>,
    claims: i64,
}

/// Returns the stamp of what is proposed to a person.
///
/// # Errors
/// When the database fails.
pub(crate) async fn offer_stamp(db: &impl Sql, person: UserId) -> Result<OfferStamp, DbError> {
    let sql = "SELECT coalesce((SELECT max(o.changed_seq) FROM opportunities o), 0) AS changed, \
               (SELECT count(*) FROM opportunity_feedback f WHERE f.user_id = $1) AS stated, \
               (SELECT max(f.stated_at) FROM opportunity_feedback f WHERE f.user_id = $1) AS last_stated_at, \
               (SELECT p.updated_at FROM discovery_preferences p WHERE p.user_id = $1) AS preferred_at, \
               (SELECT count(*) FROM opportunity_claims c WHERE c.user_id = $1) AS claims";
    let found = db.one(db.statement(sql, [person.into()])).await?;
    Ok(found.unwrap_or(OfferStamp {
        changed: 0,
        stated: 0,
        last_stated_at: None,
        preferred_at: None,
        claims: 0,
    }))
}

#[derive(FromQueryResult)]
struct OfIssue {
    issue_id: Uuid,
    required_skills: String,
    complexity: i64,
    language: Option<String>,
}

/// Returns the newest merged pull requests of a person, newest first.
async fn merged(db: &impl Sql, person: UserId) -> Result<Vec<MergedWork>, DbError> {
    let pulls = github::reads::merged_of(db, person, MERGED).await?;
    if pulls.is_empty() {
        return Ok(Vec::new());
    }
    let repositories: BTreeSet<Uuid> = pulls.iter().map(|pull| pull.repository_id).collect();
    let repositories = repositories.into_iter().map(Into::into);
    let described = github::reads::described(db, repositories).await?;
    let profiles: BTreeMap<Uuid, github::model::Profile> =
        described.into_iter().filter_map(|own| Some((own.id, own.profile?.0))).collect();
    let closes = github::reads::closes(db, pulls.iter().map(|pull| pull.id)).await?;
    let issues = closed(db, closes.iter().map(|of| of.issue_id).collect()).await?;
    let closed: BTreeMap<Uuid, &OfIssue> = closes
        .iter()
        .filter_map(|of| Some((of.pull_request_id, issues.get(&of.issue_id)?)))
        .collect();
    let work = pulls.into_iter().map(|pull| {
        let profile = profiles.get(&pull.repository_id);
        let of_issue = closed.get(&pull.id).copied();
        let main = || Some(profile?.languages.first()?.0.clone());
        let language = of_issue.and_then(|issue| issue.language.clone());
        MergedWork {
            repository: pull.repository_id,
            labels: pull.labels(),
            title: pull.title,
            topics: profile.map(|own| own.topics.clone()).unwrap_or_default(),
            language: language.or_else(main),
            closed: of_issue.map(|issue| {
                let skills = serde_json::from_str(&issue.required_skills).unwrap_or_default();
                (skills, issue.complexity as f64 / 1_000.0)
            }),
        }
    });
    Ok(work.collect())
}

/// Returns the opportunities of issues, by the issue.
async fn closed(db: &impl Sql, issues: BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, OfIssue>, DbError> {
    if issues.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut query = db.query();
    let rows = query.rows(ids(issues), "r");
    let sql = format!(
        "SELECT o.issue_id, o.required_skills, o.complexity, o.language FROM {rows} JOIN opportunities o ON o.issue_id = r.id"
    );
    let found: Vec<OfIssue> = db.all(query.statement(sql)).await?;
    Ok(found.into_iter().map(|own| (own.issue_id, own)).collect())
}

/// Exports the claims, the preferences, the feedback and the watches of a person.
pub(crate) async fn export(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let preferences = [
        ("skills", Kind::Text),
        ("languages", Kind::Text),
        ("interests", Kind::Text),
        ("excluded_topics", Kind::Text),
        ("types", Kind::Text),
        ("level", Kind::Text),
        ("max_complexity_in_thousandths", Kind::Int),
        ("min_impact_in_thousandths", Kind::Int),
        ("hours_a_week_in_thousandths", Kind::Int),
        ("digest", Kind::Text),
        ("digest_minute", Kind::Int),
        ("digest_weekday", Kind::Int),
        ("instant_threshold_in_thousandths", Kind::Int),
        ("most_a_day", Kind::Int),
        ("last_digest_at", Kind::At),
    ];
    let sql = "SELECT skills, languages, interests, excluded_topics, types, level, \
               max_complexity AS max_complexity_in_thousandths, min_impact AS min_impact_in_thousandths, \
               hours_a_week AS hours_a_week_in_thousandths, digest, digest_minute, digest_weekday, \
               instant_threshold AS instant_threshold_in_thousandths, most_a_day, last_digest_at \
               FROM discovery_preferences WHERE user_id = $1";
    let preferences = own_rows(db, person.0, &preferences, sql).await?;
    let feedback = [
        ("issue", Kind::Text),
        ("number", Kind::Int),
        ("kind", Kind::Text),
        ("reason", Kind::Text),
        ("stated_at", Kind::At),
    ];
    let sql = "SELECT o.title AS issue, o.number, f.kind, f.reason, f.stated_at FROM opportunity_feedback f \
               JOIN opportunities o ON o.id = f.opportunity_id WHERE f.user_id = $1 ORDER BY f.id";
    let feedback = own_rows(db, person.0, &feedback, sql).await?;
    let claims = claims::export(db, person).await?;
    let watches = export_watches(db, person).await?;
    Ok(json!({
        "claims": claims, "preferences": preferences, "feedback": feedback, "watches": watches
    }))
}
