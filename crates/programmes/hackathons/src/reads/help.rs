//! Queries for requests for help.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql, own_rows};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use ui::Who;
use uuid::Uuid;

use super::{MemberView, teams::placed_members};
use crate::model::{HackathonId, HelpRequestId, HelpState, TeamId};

/// A request of a team for help.
#[derive(Clone, Debug, FromQueryResult)]
pub struct HelpRequestView {
    pub id: Uuid,
    pub hackathon_id: Uuid,
    pub team_id: Uuid,
    /// The name of the team.
    pub team: String,
    pub topic: String,
    /// The place of the team: a table or an address.
    pub place: String,
    pub state: HelpState,
    /// When the state was reached.
    pub state_at: Timestamp,
    /// When it was asked.
    pub created_at: Timestamp,
    /// The mentor who took it.
    pub mentor_id: Option<Uuid>,
    /// The login of the mentor.
    #[sea_orm(skip)]
    pub mentor: Option<String>,
    /// The mentor as lists show them.
    #[sea_orm(skip)]
    pub who: Option<Who>,
    /// The answer; empty before.
    pub answer: String,
}

impl HelpRequestView {
    /// Returns the typed ID.
    #[must_use]
    pub fn key(&self) -> HelpRequestId {
        self.id.into()
    }
}

const REQUEST: &str = "SELECT r.id, r.hackathon_id, r.team_id, t.name AS team, r.topic, r.place, r.state, r.state_at, \
     r.created_at, r.mentor_id, r.answer FROM help_requests r JOIN teams t ON t.id = r.team_id";

async fn named(
    db: &impl Sql,
    mut found: Vec<HelpRequestView>,
) -> Result<Vec<HelpRequestView>, DbError> {
    let mentors = found.iter().filter_map(|row| row.mentor_id.map(UserId::new));
    let known = identity::reads::who(db, mentors).await?;
    for row in &mut found {
        let mentor = row.mentor_id.map(UserId::new);
        row.who = mentor.and_then(|mentor| known.get(&mentor).cloned());
        row.mentor = row.who.as_ref().map(|who| who.login.clone());
    }
    Ok(found)
}

pub async fn help_request(
    db: &impl Sql,
    id: HelpRequestId,
) -> Result<Option<HelpRequestView>, DbError> {
    let sql = format!("{REQUEST} WHERE r.id = $1");
    let found = db.all(db.statement(&sql, [id.into()])).await?;
    Ok(named(db, found).await?.pop())
}

/// Finds the last request of a team, which is the open one if there is any.
pub async fn last_help_request(
    db: &impl Sql,
    team: TeamId,
) -> Result<Option<HelpRequestView>, DbError> {
    let sql =
        format!("{REQUEST} WHERE r.team_id = $1 ORDER BY r.created_at DESC, r.id DESC LIMIT 1");
    let found = db.all(db.statement(&sql, [team.into()])).await?;
    Ok(named(db, found).await?.pop())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HelpPart {
    /// The open ones of a hackathon, in the order in which teams asked.
    Queue(HackathonId),
    /// The answered ones of a hackathon, latest first.
    Answered(HackathonId),
    /// The requests of a team, latest first.
    OfTeam(TeamId),
}

/// Lists a part of the requests after one of them.
pub async fn help_requests(
    db: &impl Sql,
    part: HelpPart,
    after: Option<HelpRequestId>,
    limit: i64,
) -> Result<Vec<HelpRequestView>, DbError> {
    let mut query = db.query();
    let (holds, order, compare) = match part {
        HelpPart::Queue(hackathon) => {
            let hackathon = query.bind(hackathon);
            let holds = format!("r.hackathon_id = {hackathon} AND r.state IN ('waiting', 'taken')");
            (holds, "", ">")
        }
        HelpPart::Answered(hackathon) => {
            let hackathon = query.bind(hackathon);
            let holds = format!("r.hackathon_id = {hackathon} AND r.state = 'answered'");
            (holds, " DESC", "<")
        }
        HelpPart::OfTeam(team) => (format!("r.team_id = {}", query.bind(team)), " DESC", "<"),
    };
    let after = after.map(|after| format!(" AND r.id {compare} {}", query.bind(after)));
    let (after, limit) = (after.unwrap_or_default(), query.bind(limit));
    let sql = format!("{REQUEST} WHERE {holds}{after} ORDER BY r.id{order} LIMIT {limit}");
    let found = db.all(query.statement(sql)).await?;
    named(db, found).await
}

/// Returns the place of a request among those that wait, from 1; `None` if it does not wait.
pub async fn place_in_queue(
    db: &impl Sql,
    request: &HelpRequestView,
) -> Result<Option<i64>, DbError> {
    if request.state != HelpState::Waiting {
        return Ok(None);
    }
    let sql = "SELECT count(*) FROM help_requests r WHERE r.hackathon_id = $1 AND r.state = 'waiting' AND r.id < $2";
    let values = [request.hackathon_id.into(), request.id.into()];
    Ok(Some(db.count(db.statement(sql, values)).await? + 1))
}

/// A team that mentors help: at least one of its members has a place.
#[derive(Clone, Debug)]
pub struct HelpedTeam {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    /// The place in its last request: a table or an address; empty if it never asked.
    pub place: String,
    /// The members with a place at the hackathon.
    pub members: Vec<MemberView>,
}

/// Lists the teams that mentors help after a slug, by slug.
pub async fn helped_teams(
    db: &impl Sql,
    hackathon: HackathonId,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<HelpedTeam>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        slug: String,
        name: String,
        place: Option<String>,
    }
    let slug = match db.engine() {
        platform::db::Engine::Sqlite => "t.slug",
        platform::db::Engine::Postgres => "t.slug COLLATE \"C\"",
    };
    let mut query = db.query();
    let (hackathon, after) = (query.bind(hackathon), query.bind(after.unwrap_or_default()));
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT t.id, t.slug, t.name, (SELECT r.place FROM help_requests r WHERE r.team_id = t.id \
         ORDER BY r.id DESC LIMIT 1) AS place FROM teams t WHERE t.hackathon_id = {hackathon} AND {slug} > {after} \
         AND EXISTS (SELECT 1 FROM team_members m JOIN applications a ON a.hackathon_id = m.hackathon_id \
         AND a.user_id = m.user_id AND a.status IN ('auto_accepted', 'approved') \
         WHERE m.team_id = t.id AND m.status = 'active') ORDER BY {slug} LIMIT {limit}"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let members = placed_members(db, rows.iter().map(|row| row.id.into())).await?;
    let team = |row: Row| HelpedTeam {
        members: (members.iter().filter(|it| it.team_id == row.id)).cloned().collect(),
        id: row.id,
        slug: row.slug,
        name: row.name,
        place: row.place.unwrap_or_default(),
    };
    Ok(rows.into_iter().map(team).collect())
}

/// Exports the requests that a person asked, and those that they took as a mentor.
pub(super) async fn export_help(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("team", Kind::Text),
        ("topic", Kind::Text),
        ("place", Kind::Text),
        ("state", Kind::Text),
        ("answer", Kind::Text),
        ("created_at", Kind::At),
        ("state_at", Kind::At),
    ];
    let select = "SELECT h.title AS hackathon, t.name AS team, r.topic, r.place, r.state, r.answer, r.created_at, \
                  r.state_at FROM help_requests r JOIN hackathons h ON h.id = r.hackathon_id \
                  JOIN teams t ON t.id = r.team_id WHERE";
    let asked = format!("{select} r.asked_by_id = $1 ORDER BY r.id");
    let taken = format!("{select} r.mentor_id = $1 ORDER BY r.id");
    Ok(json!({
        "asked": own_rows(db, person.0, &columns, &asked).await?,
        "taken": own_rows(db, person.0, &columns, &taken).await?,
    }))
}
