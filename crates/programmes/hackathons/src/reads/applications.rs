use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use ui::Who;
use uuid::Uuid;

use super::hackathons::split;
use crate::{
    model::{ApplicationId, ApplicationStatus, HackathonId},
    rules::{
        applications::ApplicationAnswer,
        waitlist::{WaitingApplication, place},
    },
};

#[derive(Clone, Debug, FromQueryResult)]
pub struct ApplicationView {
    pub id: Uuid,
    pub hackathon_id: Uuid,
    pub user_id: Uuid,
    /// The login, or the placeholder of a closed account.
    #[sea_orm(skip)]
    pub login: String,
    /// The person as lists show them.
    #[sea_orm(skip)]
    pub who: Who,
    pub status: ApplicationStatus,
    /// When the status was reached.
    pub status_at: Timestamp,
    pub waitlist_rank: Option<i64>,
    /// Why the person wants to take part.
    pub motivation: String,
    skills: String,
    answers: String,
    /// The version of the code of conduct that they accepted.
    pub conduct_version: i64,
    /// True if others see that they are looking for a team.
    pub is_looking_for_team: bool,
    /// The reason of a rejection, for the person.
    pub reason: Option<String>,
    /// When the person first applied.
    pub created_at: Timestamp,
    /// The name of their team.
    pub team: Option<String>,
    /// When the person confirmed their place.
    pub confirmed_at: Option<Timestamp>,
    check_in_code: Option<String>,
    /// When the person was checked in.
    pub checked_in_at: Option<Timestamp>,
}

impl ApplicationView {
    /// Returns the typed ID.
    #[must_use]
    pub fn key(&self) -> ApplicationId {
        self.id.into()
    }

    /// Returns the code with which the person is checked in; `None` without a place.
    #[must_use]
    pub fn check_in_code(&self) -> Option<&str> {
        let code = self.check_in_code.as_deref();
        code.filter(|_| self.status.holds_place())
    }

    #[must_use]
    pub fn skills(&self) -> Vec<String> {
        split(&self.skills)
    }

    /// Returns the answers with their questions.
    #[must_use]
    pub fn answers(&self) -> Vec<ApplicationAnswer> {
        serde_json::from_str(&self.answers).unwrap_or_default()
    }

    /// Returns the answer to a question; empty if there is none.
    #[must_use]
    pub fn answer_to(&self, question: &str) -> String {
        let mut answers = self.answers().into_iter();
        let found = answers.find(|answer| answer.question == question);
        found.map(|answer| answer.answer).unwrap_or_default()
    }
}

const APPLICATION: &str = "SELECT a.id, a.hackathon_id, a.user_id, a.status, a.status_at, a.waitlist_rank, \
     a.motivation, a.skills, a.answers, a.conduct_version, a.is_looking_for_team, a.reason, a.created_at, \
     t.name AS team, a.confirmed_at, c.code AS check_in_code, c.checked_in_at FROM applications a \
     LEFT JOIN check_ins c ON c.id = a.id LEFT JOIN team_members m ON m.hackathon_id = a.hackathon_id \
     AND m.user_id = a.user_id AND m.status = 'active' LEFT JOIN teams t ON t.id = m.team_id";

async fn named(
    db: &impl Sql,
    mut found: Vec<ApplicationView>,
) -> Result<Vec<ApplicationView>, DbError> {
    let people = found.iter().map(|row| UserId::new(row.user_id));
    let known = identity::reads::who(db, people).await?;
    for row in &mut found {
        row.who = known.get(&UserId::new(row.user_id)).cloned().unwrap_or_default();
        row.login.clone_from(&row.who.login);
    }
    Ok(found)
}

/// Finds the application of a person to a hackathon.
pub async fn application(
    db: &impl Sql,
    hackathon: HackathonId,
    person: UserId,
) -> Result<Option<ApplicationView>, DbError> {
    let sql = format!("{APPLICATION} WHERE a.hackathon_id = $1 AND a.user_id = $2");
    let values = [hackathon.into(), person.into()];
    let found = db.all(db.statement(&sql, values)).await?;
    Ok(named(db, found).await?.pop())
}

/// Finds an application by its ID.
pub async fn application_by_id(
    db: &impl Sql,
    id: ApplicationId,
) -> Result<Option<ApplicationView>, DbError> {
    let sql = format!("{APPLICATION} WHERE a.id = $1");
    let found = db.all(db.statement(&sql, [id.into()])).await?;
    Ok(named(db, found).await?.pop())
}

/// A part of the applications to a hackathon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplicationPart {
    /// All of them.
    All,
    /// The applications that hold a place.
    Accepted,
    With(ApplicationStatus),
}

impl ApplicationPart {
    /// Returns the part with a name in addresses.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        match text {
            "" => Some(Self::All),
            "accepted" => Some(Self::Accepted),
            status => ApplicationStatus::named(status).map(Self::With),
        }
    }
}

/// Lists a part of the applications to a hackathon after an ID, in the order in which people applied; those on the waitlist in
/// the order in which they get places.
pub async fn applications(
    db: &impl Sql,
    hackathon: HackathonId,
    part: ApplicationPart,
    after: Option<ApplicationId>,
    limit: i64,
) -> Result<Vec<ApplicationView>, DbError> {
    let mut query = db.query();
    let mut holds = format!("a.hackathon_id = {}", query.bind(hackathon));
    match part {
        ApplicationPart::All => {}
        ApplicationPart::Accepted => holds += " AND a.status IN ('auto_accepted', 'approved')",
        ApplicationPart::With(status) => {
            holds += &format!(" AND a.status = {}", query.bind(status.as_str()));
        }
    }
    let is_waitlist = part == ApplicationPart::With(ApplicationStatus::Waitlisted);
    let order = if is_waitlist {
        format!("{}, a.waitlist_rank, a.id", group_rank("a", "m"))
    } else {
        "a.id".to_owned()
    };
    if let Some(after) = after {
        let after = query.bind(after);
        holds += &if is_waitlist {
            format!(
                " AND ({}, a.waitlist_rank, a.id) > (SELECT {}, b.waitlist_rank, b.id FROM applications b \
                 LEFT JOIN team_members k ON k.hackathon_id = b.hackathon_id AND k.user_id = b.user_id \
                 AND k.status = 'active' WHERE b.id = {after})",
                group_rank("a", "m"),
                group_rank("b", "k")
            )
        } else {
            format!(" AND a.id > {after}")
        };
    }
    let limit = query.bind(limit);
    let sql = format!("{APPLICATION} WHERE {holds} ORDER BY {order} LIMIT {limit}");
    let found = db.all(query.statement(sql)).await?;
    named(db, found).await
}

/// Returns the rank of the group of a waiting application, for the aliases of its table and of its person's membership: that of
/// the first waiting member of their team.
fn group_rank(application: &str, member: &str) -> String {
    format!(
        "coalesce((SELECT min(g.waitlist_rank) FROM team_members n JOIN applications g \
         ON g.hackathon_id = n.hackathon_id AND g.user_id = n.user_id AND g.status = 'waitlisted' \
         WHERE n.team_id = {member}.team_id AND n.status = 'active'), {application}.waitlist_rank)"
    )
}

/// The numbers of applications to a hackathon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Counts {
    /// The number that waits for a review.
    pub pending: i64,
    /// The number that holds a place.
    pub accepted: i64,
    /// The number on the waitlist.
    pub waitlisted: i64,
    /// The number of rejected ones.
    pub rejected: i64,
    /// The number of withdrawn ones.
    pub withdrawn: i64,
}

/// Counts the applications to a hackathon by status.
pub async fn counts(db: &impl Sql, hackathon: HackathonId) -> Result<Counts, DbError> {
    let sql = "SELECT count(CASE WHEN a.status = 'pending_review' THEN 1 END) AS pending, \
               count(CASE WHEN a.status IN ('auto_accepted', 'approved') THEN 1 END) AS accepted, \
               count(CASE WHEN a.status = 'waitlisted' THEN 1 END) AS waitlisted, \
               count(CASE WHEN a.status = 'rejected' THEN 1 END) AS rejected, \
               count(CASE WHEN a.status = 'withdrawn' THEN 1 END) AS withdrawn \
               FROM applications a WHERE a.hackathon_id = $1";
    let found = db.one(db.statement(sql, [hackathon.into()])).await?;
    Ok(found.unwrap_or_default())
}

/// Lists the waitlist of a hackathon, with the teams of its people.
pub(crate) async fn waitlist(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<WaitingApplication>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        team_id: Option<Uuid>,
        rank: i64,
    }
    let sql = "SELECT a.id, m.team_id, coalesce(a.waitlist_rank, 0) AS rank FROM applications a \
               LEFT JOIN team_members m ON m.hackathon_id = a.hackathon_id AND m.user_id = a.user_id \
               AND m.status = 'active' WHERE a.hackathon_id = $1 AND a.status = 'waitlisted' \
               ORDER BY a.waitlist_rank, a.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [hackathon.into()])).await?;
    let waiting =
        |row: Row| WaitingApplication { application: row.id, team: row.team_id, rank: row.rank };
    Ok(rows.into_iter().map(waiting).collect())
}

/// Returns the place of an application on the waitlist, from 1; `None` if it is not on it.
pub async fn place_on_waitlist(
    db: &impl Sql,
    application: &ApplicationView,
) -> Result<Option<i64>, DbError> {
    if application.status != ApplicationStatus::Waitlisted {
        return Ok(None);
    }
    let waiting = waitlist(db, application.hackathon_id.into()).await?;
    Ok(place(&waiting, application.id))
}

/// An application of a person, in the list of all of theirs.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OwnApplication {
    pub hackathon_id: Uuid,
    /// The slug of the hackathon.
    pub slug: String,
    /// The name of the hackathon.
    pub title: String,
    pub status: ApplicationStatus,
}

/// Lists the applications of a person that are not withdrawn, latest first, at most 100.
pub async fn own_applications(
    db: &impl Sql,
    person: UserId,
) -> Result<Vec<OwnApplication>, DbError> {
    let sql = "SELECT h.id AS hackathon_id, h.slug, h.title, a.status FROM applications a JOIN hackathons h ON h.id = a.hackathon_id \
               WHERE a.user_id = $1 AND a.status <> 'withdrawn' AND h.archived_at IS NULL \
               ORDER BY h.submission_closes_at DESC, h.id DESC LIMIT 100";
    db.all(db.statement(sql, [person.into()])).await
}
