use std::collections::{BTreeMap, BTreeSet, HashMap};

use github::reads::{PullRequest, RepositoryNames};
use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::maintains;
use crate::{
    model::{FlagEffect, FlagId, FlagState, ReportReason},
    rules::fair_play::{FindingKind, GamingSign},
    store::{exclusions, fair_play, projects, reports},
};

/// A flag, with the numbers of people and pull requests that it concerns.
#[derive(Clone, Debug)]
pub struct FlagView {
    pub id: Uuid,
    /// The number, as in F-12.
    pub number: i64,
    pub kind: FindingKind,
    pub state: FlagState,
    /// The effect, if it is confirmed and has one.
    pub effect: Option<FlagEffect>,
    pub signs: Vec<GamingSign>,
    pub raised_at: Timestamp,
    /// The person who decided, unless an operator did.
    pub decided_by: Option<UserId>,
    /// When it was decided; absent while it is open.
    pub decided_at: Option<Timestamp>,
    pub reason: Option<String>,
    pub people: i64,
    pub pull_requests: i64,
}

impl FlagView {
    /// Returns when it is to be decided.
    #[must_use]
    pub fn due_at(&self) -> Timestamp {
        self.raised_at + self.kind.target()
    }

    /// Returns whether it waits for longer than its target.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.state == FlagState::Open && now > self.due_at()
    }

    /// Returns whether a confirmation can change points.
    #[must_use]
    pub fn permits_effects(&self) -> bool {
        self.kind.permits_effects(self.pull_requests)
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    number: i64,
    kind: FindingKind,
    state: FlagState,
    effect: Option<FlagEffect>,
    signs: String,
    created_at: Timestamp,
    decided_by_id: Option<Uuid>,
    decided_at: Option<Timestamp>,
    reason: Option<String>,
    people: i64,
    pull_requests: i64,
}

const FLAG: &str = "f.id, f.number, f.kind, f.state, f.effect, f.signs, f.created_at, f.decided_by_id, \
     f.decided_at, f.reason, \
     (SELECT count(*) FROM fair_play_subjects s WHERE s.flag_id = f.id AND s.kind = 'person') AS people, \
     (SELECT count(*) FROM flags_on_pull_requests p WHERE p.flag_id = f.id) AS pull_requests";

impl Row {
    fn view(self) -> FlagView {
        FlagView {
            id: self.id,
            number: self.number,
            kind: self.kind,
            state: self.state,
            effect: self.effect,
            signs: serde_json::from_str(&self.signs).unwrap_or_default(),
            raised_at: self.created_at,
            decided_by: self.decided_by_id.map(Into::into),
            decided_at: self.decided_at,
            reason: self.reason,
            people: self.people,
            pull_requests: self.pull_requests,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlagFilter {
    /// The state. Open flags are listed oldest first, others newest first.
    pub state: FlagState,
    /// The kind; absent for all.
    pub kind: Option<FindingKind>,
}

/// Lists flags after a position (exclusive).
///
/// # Errors
/// When the database fails.
pub async fn flags(
    db: &impl Sql,
    filter: FlagFilter,
    after: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<FlagView>, DbError> {
    let (order, comparison) = match filter.state {
        FlagState::Open => ("ASC", ">"),
        _ => ("DESC", "<"),
    };
    let mut query = db.query();
    let mut holds = format!("f.state = {}", query.bind(filter.state.as_str()));
    if let Some(kind) = filter.kind {
        holds += &format!(" AND f.kind = {}", query.bind(kind.as_str()));
    }
    if let Some((at, id)) = after {
        let (at, id) = (query.bind(at), query.bind(id));
        holds += &format!(" AND (f.created_at, f.id) {comparison} ({at}, {id})");
    }
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT {FLAG} FROM fair_play_flags f WHERE {holds} \
         ORDER BY f.created_at {order}, f.id {order} LIMIT {limit}"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(Row::view).collect())
}

/// Counts flags by state.
///
/// # Errors
/// When the database fails.
pub async fn flag_counts(db: &impl Sql) -> Result<BTreeMap<FlagState, i64>, DbError> {
    #[derive(FromQueryResult)]
    struct StateCount {
        state: FlagState,
        count: i64,
    }
    let sql = "SELECT state, count(*) AS count FROM fair_play_flags GROUP BY state";
    let counts: Vec<StateCount> = db.all(db.statement(sql, [])).await?;
    Ok(counts.into_iter().map(|row| (row.state, row.count)).collect())
}

/// Returns the numbers of flags by ID.
///
/// # Errors
/// When the database fails.
pub async fn flag_numbers(
    db: &impl Sql,
    of: &BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, i64>, DbError> {
    #[derive(FromQueryResult)]
    struct NumberedFlag {
        id: Uuid,
        number: i64,
    }
    let mut query = db.query();
    let rows = query.rows(ids(of.iter().copied()), "r");
    let sql = format!("SELECT f.id, f.number FROM {rows} JOIN fair_play_flags f ON f.id = r.id");
    let rows: Vec<NumberedFlag> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.number)).collect())
}

/// A flag with the people, repositories and pull requests that it concerns.
#[derive(Clone, Debug)]
pub struct FlagDetail {
    pub flag: FlagView,
    pub people: Vec<String>,
    /// The pull requests, in order of opening, at most [`FlagDetail::SHOWN`].
    pub pull_requests: Vec<FlaggedPull>,
    pub decided_by: Option<String>,
    /// The repositories, by name. Private ones are left out.
    pub repositories: Vec<FlaggedRepository>,
    /// The reports that raised it, oldest first. Empty for a viewer whom the flag concerns, or who maintains the project of
    /// its repository: they must not learn who reported.
    pub reports: Vec<ReportView>,
}

#[derive(Clone, Debug)]
pub struct FlaggedRepository {
    pub repository: RepositoryNames,
    pub is_excluded: bool,
}

/// A report, for moderators.
#[derive(Clone, Debug)]
pub struct ReportView {
    /// The login of the person who reported.
    pub reporter: String,
    pub reason: ReportReason,
    pub words: Option<String>,
    /// When it was made.
    pub reported_at: Timestamp,
}

impl FlagDetail {
    /// The maximum number of pull requests that are listed.
    pub const SHOWN: i64 = 200;
}

/// A pull request that a flag concerns.
#[derive(Clone, Debug)]
pub struct FlaggedPull {
    pub pull: PullRequest,
    pub author: Option<String>,
    /// Its points in the ledger.
    pub points: Points,
    /// True if a confirmation did not apply to it.
    pub is_spared: bool,
}

/// Finds a flag by its number, with all that it concerns, for a moderator. Pull requests of private repositories are left out.
///
/// # Errors
/// When the database fails.
pub async fn flag(
    db: &impl Sql,
    number: i64,
    viewer: UserId,
) -> Result<Option<FlagDetail>, DbError> {
    let sql = format!("SELECT {FLAG} FROM fair_play_flags f WHERE f.number = $1");
    let row: Option<Row> = db.one(db.statement(&sql, [number.into()])).await?;
    let Some(flag) = row.map(Row::view) else {
        return Ok(None);
    };
    let id = FlagId::new(flag.id);
    let people = fair_play::people(db, id).await?;
    let decided_by = flag.decided_by;
    let is_reported = people.contains(&viewer) || maintains_flagged(db, id, viewer).await?;
    let reports = if is_reported { Vec::new() } else { reported(db, id).await? };
    let logins = identity::reads::logins(db, people.iter().copied().chain(decided_by)).await?;
    let mut named: Vec<String> =
        people.iter().filter_map(|person| logins.get(person).cloned()).collect();
    named.sort_unstable();
    Ok(Some(FlagDetail {
        people: named,
        pull_requests: flagged(db, flag.id).await?,
        decided_by: decided_by.and_then(|person| logins.get(&person).cloned()),
        repositories: repositories(db, id).await?,
        reports,
        flag,
    }))
}

/// Returns whether a person maintains the project of a repository that a flag concerns.
pub(crate) async fn maintains_flagged(
    db: &impl Sql,
    flag: FlagId,
    person: UserId,
) -> Result<bool, DbError> {
    let repositories = fair_play::repositories(db, flag).await?;
    let projects = projects::of_repositories(db, repositories).await?;
    for project in projects.into_values() {
        if maintains(db, project, person).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn repositories(db: &impl Sql, flag: FlagId) -> Result<Vec<FlaggedRepository>, DbError> {
    let ids = fair_play::repositories(db, flag).await?;
    let excluded = exclusions::among(db, ids.iter().copied()).await?;
    let named = github::reads::named(db, ids).await?.into_iter();
    let public = named.filter(|repository| !repository.is_private);
    let flagged = |repository: RepositoryNames| FlaggedRepository {
        is_excluded: excluded.contains(&repository.id.into()),
        repository,
    };
    Ok(public.map(flagged).collect())
}

async fn reported(db: &impl Sql, flag: FlagId) -> Result<Vec<ReportView>, DbError> {
    let stored = reports::of_flag(db, flag).await?;
    let reporters: Vec<UserId> = stored.iter().map(|it| it.reporter_id.into()).collect();
    let logins = identity::reads::logins(db, reporters).await?;
    let view = |report: reports::StoredReport| ReportView {
        reporter: logins.get(&report.reporter_id.into()).cloned().unwrap_or_default(),
        reason: report.reason,
        words: report.words,
        reported_at: report.created_at,
    };
    Ok(stored.into_iter().map(view).collect())
}

async fn flagged(db: &impl Sql, flag: Uuid) -> Result<Vec<FlaggedPull>, DbError> {
    #[derive(FromQueryResult)]
    struct Flagged {
        pull_request_id: Uuid,
        is_spared: bool,
        score: Points,
    }
    let sql = "SELECT p.pull_request_id, p.is_spared, c.score FROM flags_on_pull_requests p \
               JOIN contributions c ON c.pull_request_id = p.pull_request_id \
               WHERE p.flag_id = $1 ORDER BY c.opened_at, c.pull_request_id LIMIT $2";
    let values = [flag.into(), FlagDetail::SHOWN.into()];
    let rows: Vec<Flagged> = db.all(db.statement(sql, values)).await?;
    let ids = rows.iter().map(|row| row.pull_request_id.into());
    let mut pulls = github::reads::pull_requests(db, ids).await?;
    let authors = pulls.values().filter_map(|pull| pull.author_id);
    let authors: Vec<UserId> = authors.map(Into::into).collect();
    let logins = identity::reads::logins(db, authors).await?;
    let flagged = |row: Flagged| {
        let pull = pulls.remove(&row.pull_request_id)?;
        let author = pull.author_id.map(UserId::from);
        Some(FlaggedPull {
            author: author.and_then(|author| logins.get(&author).cloned()),
            points: row.score,
            is_spared: row.is_spared,
            pull,
        })
    };
    Ok(rows.into_iter().filter_map(flagged).collect())
}
