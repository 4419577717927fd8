//! Queries for results and their points.

use identity::model::{IdentityId, UserId};
use kernel::{Points, Timestamp};
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{HackathonId, JuryOutcome, SubmissionId},
    rules::points::PointValues,
};

/// The points of a hackathon that an admin approved.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ApprovedPoints {
    pub hackathon_id: Uuid,
    /// When an admin approved them.
    pub approved_at: Timestamp,
    submission_points: Points,
    finalist_points: Points,
    winner_points: Points,
}

impl ApprovedPoints {
    #[must_use]
    pub fn values(&self) -> PointValues {
        PointValues {
            submission: self.submission_points,
            finalist: self.finalist_points,
            winner: self.winner_points,
        }
    }
}

/// Lists the approved points of hackathons.
pub async fn approved_points(
    db: &impl Sql,
    hackathons: impl IntoIterator<Item = HackathonId>,
) -> Result<Vec<ApprovedPoints>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(hackathons), "r");
    let sql = format!(
        "SELECT p.hackathon_id, p.approved_at, p.submission_points, p.finalist_points, p.winner_points \
         FROM {rows} JOIN hackathon_points p ON p.hackathon_id = r.id"
    );
    db.all(query.statement(sql)).await
}

/// The result of a person in a hackathon, as it was when results were published.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ResultView {
    /// The ID, which is the source of the points.
    pub id: Uuid,
    /// When results were published.
    pub created_at: Timestamp,
    pub submission_id: Uuid,
    user_id: Uuid,
    identity_id: Option<Uuid>,
    /// True if the submission was late.
    pub is_late: bool,
    outcome: Option<JuryOutcome>,
    disqualified_at: Option<Timestamp>,
}

impl ResultView {
    #[must_use]
    pub fn person(&self) -> UserId {
        self.user_id.into()
    }

    /// Returns the account of the person that earns the points.
    #[must_use]
    pub fn identity(&self) -> Option<IdentityId> {
        self.identity_id.map(IdentityId::from)
    }

    /// Returns the choice of the jury.
    #[must_use]
    pub fn outcome(&self) -> Option<JuryOutcome> {
        self.outcome
    }

    /// Returns whether the submission is disqualified since.
    #[must_use]
    pub fn is_disqualified(&self) -> bool {
        self.disqualified_at.is_some()
    }
}

const RESULT: &str = "SELECT x.id, x.created_at, x.submission_id, x.user_id, x.identity_id, x.is_late, x.outcome, \
     s.disqualified_at FROM hackathon_results x JOIN submissions s ON s.id = x.submission_id";

pub async fn results(db: &impl Sql, hackathon: HackathonId) -> Result<Vec<ResultView>, DbError> {
    let sql = format!("{RESULT} WHERE x.hackathon_id = $1 ORDER BY x.id");
    db.all(db.statement(&sql, [hackathon.into()])).await
}

/// Finds the result of a person in a hackathon.
pub async fn result_of(
    db: &impl Sql,
    hackathon: HackathonId,
    person: UserId,
) -> Result<Option<ResultView>, DbError> {
    let sql = format!("{RESULT} WHERE x.hackathon_id = $1 AND x.user_id = $2");
    let values = [hackathon.into(), person.into()];
    db.one(db.statement(&sql, values)).await
}

/// A person with a judged submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    pub submission: SubmissionId,
    pub person: UserId,
    /// True if it is late.
    pub is_late: bool,
    /// The choice of the jury.
    pub outcome: Option<JuryOutcome>,
}

/// Lists the active members of the judged submissions to a hackathon.
pub async fn judged_people(db: &impl Sql, hackathon: HackathonId) -> Result<Vec<Judged>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        user_id: Uuid,
        is_late: bool,
        outcome: Option<JuryOutcome>,
    }
    let mut query = db.query();
    let (hackathon, admitted) = (query.bind(hackathon), query.bind(true));
    let sql = format!(
        "SELECT s.id, coalesce(s.user_id, m.user_id) AS user_id, s.is_late, s.outcome FROM submissions s \
         LEFT JOIN team_members m ON m.team_id = s.team_id AND m.status = 'active' \
         WHERE s.hackathon_id = {hackathon} AND s.version > 0 AND s.withdrawn_at IS NULL \
         AND s.disqualified_at IS NULL \
         AND (s.verdict IS NULL OR s.verdict <> 'invalid' OR s.is_admitted = {admitted}) \
         AND (s.user_id IS NOT NULL OR m.user_id IS NOT NULL) ORDER BY s.id, 2"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let judged = rows.into_iter().map(|row| Judged {
        submission: row.id.into(),
        person: row.user_id.into(),
        is_late: row.is_late,
        outcome: row.outcome,
    });
    Ok(judged.collect())
}

#[derive(FromQueryResult)]
struct FoundId {
    id: Uuid,
}

/// Lists the hackathons with results, in the order of their IDs.
pub async fn with_results(db: &impl Sql) -> Result<Vec<HackathonId>, DbError> {
    let sql =
        "SELECT h.id FROM hackathons h WHERE h.results_published_at IS NOT NULL ORDER BY h.id";
    let rows: Vec<FoundId> = db.all(db.statement(sql, [])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Lists the hackathons that were over before an instant and hold words that are to be removed.
pub async fn with_old_words(db: &impl Sql, before: Timestamp) -> Result<Vec<HackathonId>, DbError> {
    let sql = "SELECT h.id FROM hackathons h \
               WHERE (h.results_published_at <= $1 OR h.canceled_at <= $1) AND (\
               EXISTS (SELECT 1 FROM applications a WHERE a.hackathon_id = h.id \
               AND (a.motivation <> '' OR a.answers <> '[]' OR a.reason IS NOT NULL)) \
               OR EXISTS (SELECT 1 FROM submissions s WHERE s.hackathon_id = h.id \
               AND (s.appeal IS NOT NULL OR s.reason IS NOT NULL)) \
               OR EXISTS (SELECT 1 FROM prize_awards p WHERE p.hackathon_id = h.id \
               AND (p.claim_secret IS NOT NULL OR p.reason IS NOT NULL)) \
               OR EXISTS (SELECT 1 FROM judging_decisions d WHERE d.hackathon_id = h.id \
               AND d.reason <> '') \
               OR EXISTS (SELECT 1 FROM result_overrides o WHERE o.hackathon_id = h.id \
               AND o.reason <> '') \
               OR EXISTS (SELECT 1 FROM judging_scores g WHERE g.hackathon_id = h.id \
               AND g.team_note <> '') \
               OR EXISTS (SELECT 1 FROM help_requests r WHERE r.hackathon_id = h.id \
               AND (r.topic <> '' OR r.place <> '' OR r.answer <> '')) \
               OR EXISTS (SELECT 1 FROM team_tasks k WHERE k.hackathon_id = h.id) \
               OR EXISTS (SELECT 1 FROM board_exports b WHERE b.hackathon_id = h.id) \
               OR EXISTS (SELECT 1 FROM submission_extensions e WHERE e.hackathon_id = h.id \
               AND e.reason <> '') \
               OR EXISTS (SELECT 1 FROM survey_answers x JOIN surveys y ON y.id = x.survey_id \
               WHERE y.hackathon_id = h.id) \
               OR EXISTS (SELECT 1 FROM surveys y WHERE y.hackathon_id = h.id \
               AND y.counted IS NOT NULL)) ORDER BY h.id";
    let rows: Vec<FoundId> = db.all(db.statement(sql, [before.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Lists the hackathons that were over before an instant and hold private notes of judges.
pub async fn with_old_notes(db: &impl Sql, before: Timestamp) -> Result<Vec<HackathonId>, DbError> {
    let sql = "SELECT h.id FROM hackathons h \
               WHERE (h.results_published_at <= $1 OR h.canceled_at <= $1) AND EXISTS (\
               SELECT 1 FROM judging_assignments a JOIN judging_notes n ON n.assignment_id = a.id \
               WHERE a.hackathon_id = h.id) ORDER BY h.id";
    let rows: Vec<FoundId> = db.all(db.statement(sql, [before.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}
