//! Flags of fair play: reasons for moderators to look at pull requests, with the people and repositories concerned.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use github::model::{PullRequestId, RepositoryId};
use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use crate::{
    model::{FlagEffect, FlagId, FlagState, ProjectId, SubjectKind},
    rules::{
        ConfirmedFlag,
        fair_play::{FindingKind, GamingFinding, KnownFlag},
    },
};

/// Inserts an open flag on pull requests.
pub(crate) async fn insert(
    tx: &Tx,
    id: FlagId,
    number: i64,
    finding: &GamingFinding,
    pulls: &[PullRequestId],
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO fair_play_flags (id, number, kind, state, signs, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $6)";
    let values = [
        id.into(),
        number.into(),
        finding.kind.as_str().into(),
        FlagState::Open.as_str().into(),
        json!(finding.signs).to_string().into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    add(tx, id, finding, pulls).await
}

/// Adds the people, repositories and pull requests of a finding to an open flag, whose signs it replaces.
pub(crate) async fn extend(
    tx: &Tx,
    id: FlagId,
    finding: &GamingFinding,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql =
        "UPDATE fair_play_flags SET signs = $1, updated_at = $2 WHERE id = $3 AND signs <> $1";
    let signs = json!(finding.signs).to_string();
    tx.run(tx.statement(sql, [signs.into(), now.into(), id.into()])).await?;
    add(tx, id, finding, &finding.pulls).await
}

async fn add(
    tx: &Tx,
    id: FlagId,
    finding: &GamingFinding,
    pulls: &[PullRequestId],
) -> Result<(), DbError> {
    let mut query = tx.query();
    let (rows, flag) = (query.rows(ids(pulls.iter().copied()), "r"), query.bind(id));
    let sql = format!(
        "INSERT INTO flags_on_pull_requests (flag_id, pull_request_id, is_spared) \
         SELECT {flag}, r.id, false FROM {rows} WHERE true ON CONFLICT (flag_id, pull_request_id) DO NOTHING"
    );
    tx.run(query.statement(sql)).await?;
    let people = finding.people.iter().map(|person| (SubjectKind::Person, person.0));
    let repositories = finding.repositories.iter().map(|one| (SubjectKind::Repository, one.0));
    let mut rows = Rows::new([("kind", Kind::Text), ("subject_id", Kind::Uuid)]);
    for (kind, subject) in people.chain(repositories) {
        rows.push([kind.as_str().into(), subject.into()]);
    }
    let mut query = tx.query();
    let (rows, flag) = (query.rows(rows, "r"), query.bind(id));
    let sql = format!(
        "INSERT INTO fair_play_subjects (flag_id, kind, subject_id) \
         SELECT {flag}, r.kind, r.subject_id FROM {rows} WHERE true \
         ON CONFLICT (flag_id, kind, subject_id) DO NOTHING"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Returns the highest number of a flag, 0 without flags.
pub(crate) async fn last_number(tx: &Tx) -> Result<i64, DbError> {
    let sql = "SELECT coalesce(max(number), 0) FROM fair_play_flags";
    tx.count(tx.statement(sql, [])).await
}

/// Returns the ID of the flag with the highest number.
pub(crate) async fn latest(tx: &Tx) -> Result<Option<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT id FROM fair_play_flags ORDER BY number DESC LIMIT 1";
    let row: Option<Row> = tx.one(tx.statement(sql, [])).await?;
    Ok(row.map(|row| row.id))
}

/// Returns the flags that concern any of these people and repositories.
pub(crate) async fn known(
    tx: &Tx,
    people: &BTreeSet<UserId>,
    repositories: &BTreeSet<RepositoryId>,
) -> Result<Vec<KnownFlag>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        kind: FindingKind,
        state: FlagState,
    }
    let subjects = people.iter().map(|person| person.0);
    let subjects = subjects.chain(repositories.iter().map(|repository| repository.0));
    let mut query = tx.query();
    let rows = query.rows(ids(subjects), "r");
    let sql = format!(
        "SELECT DISTINCT f.id, f.kind, f.state FROM {rows} \
         JOIN fair_play_subjects s ON s.subject_id = r.id JOIN fair_play_flags f ON f.id = s.flag_id"
    );
    let rows: Vec<Row> = tx.all(query.statement(sql)).await?;
    let mut flags = BTreeMap::new();
    for row in rows {
        let flag = KnownFlag {
            id: row.id.into(),
            kind: row.kind,
            is_open: row.state == FlagState::Open,
            people: BTreeSet::new(),
            repositories: BTreeSet::new(),
            pulls: BTreeSet::new(),
        };
        flags.insert(row.id, flag);
    }
    fill(tx, &mut flags).await?;
    Ok(flags.into_values().collect())
}

/// Reads the subjects and pull requests of flags.
async fn fill(db: &impl Sql, flags: &mut BTreeMap<Uuid, KnownFlag>) -> Result<(), DbError> {
    let of: Vec<FlagId> = flags.keys().copied().map(FlagId::new).collect();
    for (flag, kind, subject) in subjects(db, &of).await? {
        let Some(flag) = flags.get_mut(&flag.0) else {
            continue;
        };
        match kind {
            SubjectKind::Person => flag.people.insert(subject.into()),
            SubjectKind::Repository => flag.repositories.insert(subject.into()),
        };
    }
    for (flag, pull) in pulls(db, &of).await? {
        if let Some(flag) = flags.get_mut(&flag.0) {
            flag.pulls.insert(pull);
        }
    }
    Ok(())
}

async fn subjects(
    db: &impl Sql,
    flags: &[FlagId],
) -> Result<Vec<(FlagId, SubjectKind, Uuid)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        flag_id: Uuid,
        kind: SubjectKind,
        subject_id: Uuid,
    }
    let mut query = db.query();
    let rows = query.rows(ids(flags.iter().copied()), "r");
    let sql = format!(
        "SELECT s.flag_id, s.kind, s.subject_id FROM {rows} JOIN fair_play_subjects s ON s.flag_id = r.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| (row.flag_id.into(), row.kind, row.subject_id)).collect())
}

async fn pulls(db: &impl Sql, flags: &[FlagId]) -> Result<Vec<(FlagId, PullRequestId)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        flag_id: Uuid,
        pull_request_id: Uuid,
    }
    let mut query = db.query();
    let rows = query.rows(ids(flags.iter().copied()), "r");
    let sql = format!(
        "SELECT p.flag_id, p.pull_request_id FROM {rows} \
         JOIN flags_on_pull_requests p ON p.flag_id = r.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| (row.flag_id.into(), row.pull_request_id.into())).collect())
}

#[derive(Debug)]
pub(crate) struct DecidedFlag {
    pub(crate) state: FlagState,
    pub(crate) effect: Option<FlagEffect>,
    /// The person who decided, unless an operator did; absent for a flag that is open again.
    pub(crate) by: Option<Uuid>,
    pub(crate) at: Option<Timestamp>,
    pub(crate) reason: Option<String>,
}

/// Writes the decision on a flag.
pub(crate) async fn decide(
    tx: &Tx,
    id: FlagId,
    decided: &DecidedFlag,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE fair_play_flags SET state = $1, effect = $2, decided_by_id = $3, decided_at = $4, \
               reason = $5, updated_at = $6 WHERE id = $7";
    let values = [
        decided.state.as_str().into(),
        decided.effect.map(FlagEffect::as_str).into(),
        decided.by.into(),
        decided.at.into(),
        decided.reason.clone().into(),
        now.into(),
        id.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Spares exactly these pull requests of a flag.
pub(crate) async fn spare(
    tx: &Tx,
    id: FlagId,
    spared: impl IntoIterator<Item = PullRequestId>,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let (rows, flag) = (query.rows(ids(spared), "r"), query.bind(id));
    let sql = format!(
        "UPDATE flags_on_pull_requests SET is_spared = pull_request_id IN (SELECT r.id FROM {rows}) \
         WHERE flag_id = {flag}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Returns the person who decided on a flag, unless it is open or an operator did.
pub(crate) async fn decider(db: &impl Sql, id: FlagId) -> Result<Option<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        decided_by_id: Option<Uuid>,
    }
    let sql = "SELECT decided_by_id FROM fair_play_flags WHERE id = $1";
    let row: Option<Row> = db.one(db.statement(sql, [id.into()])).await?;
    Ok(row.and_then(|row| row.decided_by_id))
}

pub(crate) async fn is_confirmed(db: &impl Sql, id: FlagId) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM fair_play_flags WHERE id = $1 AND state = $2";
    let values = [id.into(), FlagState::Confirmed.as_str().into()];
    Ok(db.count(db.statement(sql, values)).await? > 0)
}

/// Spares the pull requests of a person, in addition to those that are spared. Returns them.
pub(crate) async fn spare_person(
    tx: &Tx,
    id: FlagId,
    person: UserId,
) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        pull_request_id: Uuid,
    }
    let sql = "UPDATE flags_on_pull_requests SET is_spared = true WHERE flag_id = $1 \
               AND pull_request_id IN (SELECT c.pull_request_id FROM contributions c WHERE c.author_id = $2) \
               RETURNING pull_request_id";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [id.into(), person.into()])).await?;
    Ok(rows.into_iter().map(|row| row.pull_request_id).collect())
}

/// A flag, as an action loads it.
#[derive(Debug, FromQueryResult)]
pub(crate) struct StoredFlag {
    pub(crate) id: Uuid,
    pub(crate) number: i64,
    pub(crate) kind: FindingKind,
    pub(crate) state: FlagState,
    pub(crate) decided_by_id: Option<Uuid>,
}

pub(crate) async fn numbered(db: &impl Sql, number: i64) -> Result<Option<StoredFlag>, DbError> {
    let sql =
        "SELECT id, number, kind, state, decided_by_id FROM fair_play_flags WHERE number = $1";
    db.one(db.statement(sql, [number.into()])).await
}

pub(crate) async fn people(db: &impl Sql, id: FlagId) -> Result<BTreeSet<UserId>, DbError> {
    let subjects = subjects(db, &[id]).await?.into_iter();
    let people = subjects.filter(|(_, kind, _)| *kind == SubjectKind::Person);
    Ok(people.map(|(_, _, person)| person.into()).collect())
}

pub(crate) async fn repositories(
    db: &impl Sql,
    id: FlagId,
) -> Result<BTreeSet<RepositoryId>, DbError> {
    let subjects = subjects(db, &[id]).await?.into_iter();
    let repositories = subjects.filter(|(_, kind, _)| *kind == SubjectKind::Repository);
    Ok(repositories.map(|(_, _, id)| id.into()).collect())
}

/// A pull request that a flag confirms as spam.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(crate) struct SpamPull {
    author_id: Uuid,
    project_id: Uuid,
    pub(crate) opened_at: Timestamp,
    pub(crate) merged_at: Option<Timestamp>,
}

impl SpamPull {
    pub(crate) fn author(&self) -> UserId {
        self.author_id.into()
    }

    pub(crate) fn project(&self) -> ProjectId {
        self.project_id.into()
    }
}

/// Returns the pull requests of a flag that are not spared, except those of deleted accounts and of no project.
pub(crate) async fn spam_pulls(db: &impl Sql, id: FlagId) -> Result<Vec<SpamPull>, DbError> {
    let sql = "SELECT c.author_id, c.project_id, c.opened_at, c.merged_at FROM flags_on_pull_requests p \
               JOIN contributions c ON c.pull_request_id = p.pull_request_id \
               WHERE p.flag_id = $1 AND NOT p.is_spared AND c.author_id IS NOT NULL";
    db.all(db.statement(sql, [id.into()])).await
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct FlagOutcome {
    pub(crate) state: FlagState,
    pub(crate) effect: Option<FlagEffect>,
    pub(crate) decided_at: Timestamp,
}

/// Returns the decision on a flag; `None` while it is open.
pub(crate) async fn outcome(db: &impl Sql, id: FlagId) -> Result<Option<FlagOutcome>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        state: FlagState,
        effect: Option<FlagEffect>,
        decided_at: Option<Timestamp>,
    }
    let sql = "SELECT state, effect, decided_at FROM fair_play_flags WHERE id = $1";
    let row: Option<Row> = db.one(db.statement(sql, [id.into()])).await?;
    let outcome = |row: Row| {
        Some(FlagOutcome { state: row.state, effect: row.effect, decided_at: row.decided_at? })
    };
    Ok(row.and_then(outcome))
}

/// Returns the pull requests of a flag.
pub(crate) async fn pulls_of(
    db: &impl Sql,
    id: FlagId,
) -> Result<BTreeSet<PullRequestId>, DbError> {
    let pulls = pulls(db, &[id]).await?.into_iter();
    Ok(pulls.map(|(_, pull)| pull).collect())
}

/// Returns the confirmed flags with an effect on pull requests, unless they are spared: of several, the one with the
/// greater effect, then the first.
pub(crate) async fn effects(
    db: &impl Sql,
    pulls: impl IntoIterator<Item = PullRequestId>,
) -> Result<HashMap<PullRequestId, ConfirmedFlag>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        pull_request_id: Uuid,
        effect: FlagEffect,
        number: i64,
    }
    let mut query = db.query();
    let rows = query.rows(ids(pulls), "r");
    let sql = format!(
        "SELECT p.pull_request_id, f.effect, f.number FROM {rows} \
         JOIN flags_on_pull_requests p ON p.pull_request_id = r.id \
         JOIN fair_play_flags f ON f.id = p.flag_id \
         WHERE f.effect IS NOT NULL AND NOT p.is_spared ORDER BY f.number"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let mut effects: HashMap<PullRequestId, ConfirmedFlag> = HashMap::new();
    for row in rows {
        let flag = ConfirmedFlag { number: row.number, effect: row.effect };
        let found = effects.entry(row.pull_request_id.into()).or_insert(flag);
        if row.effect > found.effect {
            *found = flag;
        }
    }
    Ok(effects)
}

/// Erases the reasons of the decisions on flags that concern a person, and no one else who may contest them. Returns the
/// flags.
pub(crate) async fn erase(tx: &Tx, person: UserId) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "UPDATE fair_play_flags SET reason = CASE WHEN reason IS NULL THEN NULL ELSE '' END WHERE id IN \
               (SELECT s.flag_id FROM fair_play_subjects s WHERE s.kind = 'person' AND s.subject_id = $1 \
               AND NOT EXISTS (SELECT 1 FROM fair_play_subjects o WHERE o.flag_id = s.flag_id \
               AND o.kind = 'person' AND o.subject_id <> $1)) RETURNING id";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [person.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
