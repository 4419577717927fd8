//! Queries for judging.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, code};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{AssignmentStatus, HackathonId, JudgingMode, SubmissionId},
    rules::judging::{insertion::PairAnswer, rubric::Criterion, settings::JudgingSettings},
};

/// Returns the settings of the judging of a hackathon; the defaults, without criteria, if there are none.
pub async fn judging_settings(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<JudgingSettings, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        mode: JudgingMode,
        looks: i64,
        minutes_per_look: i64,
        minutes: i64,
    }
    let sql = "SELECT j.mode, j.looks, j.minutes_per_look, j.minutes FROM judging_settings j \
               WHERE j.hackathon_id = $1";
    let found: Option<Row> = db.one(db.statement(sql, [hackathon.into()])).await?;
    Ok(match found {
        Some(row) => JudgingSettings {
            mode: row.mode,
            looks: row.looks,
            minutes_per_look: row.minutes_per_look,
            minutes: row.minutes,
            criteria: criteria(db, hackathon).await?,
        },
        None => JudgingSettings::default(),
    })
}

async fn criteria(db: &impl Sql, hackathon: HackathonId) -> Result<Vec<Criterion>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
        question: String,
        min_level: i64,
        max_level: i64,
        weight: i64,
        levels: String,
    }
    let sql = "SELECT c.name, c.question, c.min_level, c.max_level, c.weight, c.levels FROM judging_criteria c \
               WHERE c.hackathon_id = $1 ORDER BY c.position";
    let rows: Vec<Row> = db.all(db.statement(sql, [hackathon.into()])).await?;
    let criterion = |row: Row| Criterion {
        name: row.name,
        question: row.question,
        min: row.min_level,
        max: row.max_level,
        weight: row.weight,
        levels: serde_json::from_str(&row.levels).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(criterion).collect())
}

/// Returns whether a judge has scored or placed a project of a hackathon, at least as a draft.
pub async fn has_scores(db: &impl Sql, hackathon: HackathonId) -> Result<bool, DbError> {
    let sql = "SELECT (SELECT count(*) FROM judging_scores s WHERE s.hackathon_id = $1) \
               + (SELECT count(*) FROM judging_rankings r WHERE r.hackathon_id = $1)";
    Ok(db.count(db.statement(sql, [hackathon.into()])).await? > 0)
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct AssignmentView {
    pub id: Uuid,
    /// The project.
    pub submission_id: Uuid,
    pub user_id: Uuid,
    pub status: AssignmentStatus,
    /// When the status was reached.
    pub status_at: Timestamp,
    levels: Option<String>,
    saved_at: Option<Timestamp>,
}

impl AssignmentView {
    /// Returns whether a look ended before an instant, such as that of the current version.
    #[must_use]
    pub fn was_judged_before(&self, instant: Option<Timestamp>) -> bool {
        was_judged_before(self.status, self.status_at, self.saved_at, instant)
    }

    /// Returns the levels that the judge chose, in the order of the criteria; empty without a score.
    #[must_use]
    pub fn levels(&self) -> Vec<Option<i64>> {
        levels(self.levels.as_deref())
    }
}

fn was_judged_before(
    status: AssignmentStatus,
    status_at: Timestamp,
    saved_at: Option<Timestamp>,
    instant: Option<Timestamp>,
) -> bool {
    let judged_at = saved_at.map_or(status_at, |saved_at| saved_at.max(status_at));
    status == AssignmentStatus::Judged && instant.is_some_and(|instant| judged_at < instant)
}

fn levels(stored: Option<&str>) -> Vec<Option<i64>> {
    let read = stored.and_then(|text| serde_json::from_str(text).ok());
    read.unwrap_or_default()
}

/// Lists the projects of a hackathon that judges have or had in a round, in the order in which they got them.
pub async fn assignments(
    db: &impl Sql,
    hackathon: HackathonId,
    round: i64,
) -> Result<Vec<AssignmentView>, DbError> {
    let sql = "SELECT a.id, a.submission_id, a.user_id, a.status, a.status_at, s.levels, \
               s.updated_at AS saved_at FROM judging_assignments a LEFT JOIN judging_scores s ON s.assignment_id = a.id \
               WHERE a.hackathon_id = $1 AND a.round = $2 ORDER BY a.id";
    let values = [hackathon.into(), round.into()];
    db.all(db.statement(sql, values)).await
}

/// A project of a judge, with what they wrote about it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OwnAssignment {
    pub id: Uuid,
    /// The project.
    pub submission_id: Uuid,
    /// The name of the project.
    pub title: String,
    pub round: i64,
    pub status: AssignmentStatus,
    /// When the status was reached.
    pub status_at: Timestamp,
    levels: Option<String>,
    team_note: Option<String>,
    private_note: Option<String>,
    /// When the judge last saved a score.
    pub saved_at: Option<Timestamp>,
    submitted_at: Option<Timestamp>,
}

impl OwnAssignment {
    /// Returns whether the team submitted a version after the judge's look.
    #[must_use]
    pub fn is_outdated(&self) -> bool {
        was_judged_before(self.status, self.status_at, self.saved_at, self.submitted_at)
    }

    /// Returns the chosen levels, in the order of the criteria; empty without a score.
    #[must_use]
    pub fn levels(&self) -> Vec<Option<i64>> {
        levels(self.levels.as_deref())
    }

    #[must_use]
    pub fn team_note(&self) -> &str {
        self.team_note.as_deref().unwrap_or_default()
    }

    /// Returns the note that only the judge reads.
    #[must_use]
    pub fn private_note(&self) -> &str {
        self.private_note.as_deref().unwrap_or_default()
    }
}

/// Lists the projects of a judge in all rounds, in the order in which they got them.
pub async fn own_assignments(
    db: &impl Sql,
    hackathon: HackathonId,
    judge: UserId,
) -> Result<Vec<OwnAssignment>, DbError> {
    let sql = "SELECT a.id, a.submission_id, p.title, a.round, a.status, a.status_at, s.levels, s.team_note, \
               n.note AS private_note, s.updated_at AS saved_at, p.submitted_at FROM judging_assignments a \
               JOIN submissions p ON p.id = a.submission_id \
               LEFT JOIN judging_scores s ON s.assignment_id = a.id \
               LEFT JOIN judging_notes n ON n.assignment_id = a.id \
               WHERE a.hackathon_id = $1 AND a.user_id = $2 ORDER BY a.id";
    let values = [hackathon.into(), judge.into()];
    db.all(db.statement(sql, values)).await
}

/// Lists the projects of a hackathon with which a judge declared a conflict of interest.
pub async fn conflicts_of(
    db: &impl Sql,
    hackathon: HackathonId,
    judge: UserId,
) -> Result<Vec<SubmissionId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        submission_id: Uuid,
    }
    let sql = "SELECT c.submission_id FROM judging_conflicts c WHERE c.hackathon_id = $1 AND c.user_id = $2";
    let values = [hackathon.into(), judge.into()];
    let rows: Vec<Row> = db.all(db.statement(sql, values)).await?;
    Ok(rows.into_iter().map(|row| row.submission_id.into()).collect())
}

/// A judge's order of the projects that they have seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RankingView {
    /// The projects, the best first.
    pub places: Vec<Uuid>,
    /// The answers about the project that the judge is placing.
    pub answers: Vec<(Uuid, PairAnswer)>,
}

#[derive(FromQueryResult)]
struct RankingRow {
    places: String,
    answers: String,
}

impl RankingRow {
    fn view(self) -> Result<RankingView, DbError> {
        let answers: Vec<(Uuid, String)> = serde_json::from_str(&self.answers).unwrap_or_default();
        let answer = |(id, text): (Uuid, String)| {
            Ok((id, code("judging_rankings.answers", &text, PairAnswer::named)?))
        };
        Ok(RankingView {
            places: serde_json::from_str(&self.places).unwrap_or_default(),
            answers: answers.into_iter().map(answer).collect::<Result<_, DbError>>()?,
        })
    }
}

/// Returns the order of a judge in a round.
pub async fn ranking(
    db: &impl Sql,
    hackathon: HackathonId,
    round: i64,
    judge: UserId,
) -> Result<RankingView, DbError> {
    let sql = "SELECT r.places, r.answers FROM judging_rankings r WHERE r.hackathon_id = $1 AND r.user_id = $2 \
               AND r.round = $3";
    let values = [hackathon.into(), judge.into(), round.into()];
    let found: Option<RankingRow> = db.one(db.statement(sql, values)).await?;
    Ok(found.map(RankingRow::view).transpose()?.unwrap_or_default())
}

/// Lists the orders of all judges of a hackathon in a round.
pub async fn rankings(
    db: &impl Sql,
    hackathon: HackathonId,
    round: i64,
) -> Result<Vec<RankingView>, DbError> {
    let sql = "SELECT r.places, r.answers FROM judging_rankings r WHERE r.hackathon_id = $1 AND r.round = $2 \
               ORDER BY r.id";
    let values = [hackathon.into(), round.into()];
    let rows: Vec<RankingRow> = db.all(db.statement(sql, values)).await?;
    rows.into_iter().map(RankingRow::view).collect()
}
