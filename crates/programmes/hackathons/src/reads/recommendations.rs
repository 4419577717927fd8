//! Teams and people that are recommended to a person.

use std::collections::{BTreeMap, HashMap};

use chrono_tz::Tz;
use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use ui::Who;
use uuid::Uuid;

use super::hackathons::{HackathonView, split};
use crate::rules::recommendations::{
    PersonTraits, Recommendation, RecommendationCandidate, Seeker, recommend,
};

/// A team or a person that is recommended.
#[derive(Clone, Debug)]
pub struct RecommendedView {
    /// The team or the person.
    pub whom: Recommended,
    pub skills: Vec<String>,
    /// Why they are recommended, as sentences.
    pub reasons: Vec<String>,
}

/// A team or a person, by its name.
#[derive(Clone, Debug)]
pub enum Recommended {
    /// A team with open places.
    Team {
        slug: String,
        name: String,
        /// The number of people who can still join it.
        open_slots: i64,
    },
    /// A person who is looking for a team.
    Person(Who),
}

#[derive(Debug, FromQueryResult)]
struct MemberRow {
    team_id: Uuid,
    slug: String,
    name: String,
    locked_at: Option<Timestamp>,
    user_id: Uuid,
    skills: String,
    hackathons: i64,
    blocks: i64,
}

/// A person without a team.
#[derive(Debug, FromQueryResult)]
struct LoneRow {
    user_id: Uuid,
    skills: String,
    hackathons: i64,
}

/// Lists the teams and people that are recommended to a person with an application, best first: to a person without a team the teams
/// with open places and the people who are looking for one, and to a member of a team that others can join these people. People
/// are not recommended to those whom they block, or who block them. The number of statements does not depend on the number of
/// people.
pub async fn recommendations(
    db: &impl Sql,
    hackathon: &HackathonView,
    person: UserId,
    now: Timestamp,
) -> Result<Vec<RecommendedView>, DbError> {
    if !hackathon.phase(now).forms_teams() {
        return Ok(Vec::new());
    }
    let teams = teams(members(db, hackathon, person).await?);
    let own = teams.iter().find(|team| team.has(person));
    if own.is_some_and(|own| own.open_slots(hackathon.team_max) == 0) {
        return Ok(Vec::new());
    }
    let lone = lone_people(db, hackathon, person).await?;
    let everyone = Everyone::read(db, &teams, &lone).await?;
    let seeker = everyone.seeker(person, own, &lone);
    let mut found = Vec::new();
    for team in teams.iter().filter(|_| own.is_none()) {
        let open_slots = team.open_slots(hackathon.team_max);
        if open_slots > 0 && !team.is_blocked() {
            found.push(everyone.team(team, open_slots));
        }
    }
    let others = lone.iter().filter(|row| row.user_id != person.0);
    found.extend(others.filter_map(|row| everyone.person(row)));
    Ok(best(&seeker, found, now))
}

/// Returns the best of the candidates, with the reasons.
fn best(
    seeker: &Seeker,
    found: Vec<(Recommended, RecommendationCandidate)>,
    now: Timestamp,
) -> Vec<RecommendedView> {
    let (mut whom, candidates): (Vec<_>, Vec<_>) =
        found.into_iter().map(|(whom, it)| (Some(whom), it)).unzip();
    let ranked = recommend(seeker, &candidates, now).into_iter();
    let view = |it: Recommendation| {
        Some(RecommendedView {
            whom: whom[it.index].take()?,
            skills: it.skills,
            reasons: it.reasons,
        })
    };
    ranked.filter_map(view).collect()
}

struct TeamRows(Vec<MemberRow>);

impl TeamRows {
    fn has(&self, person: UserId) -> bool {
        self.0.iter().any(|row| row.user_id == person.0)
    }

    fn is_blocked(&self) -> bool {
        self.0.iter().any(|row| row.blocks > 0)
    }

    fn open_slots(&self, most: i64) -> i64 {
        let members = i64::try_from(self.0.len()).unwrap_or(i64::MAX);
        if self.0.iter().any(|row| row.locked_at.is_some()) { 0 } else { (most - members).max(0) }
    }
}

fn teams(rows: Vec<MemberRow>) -> Vec<TeamRows> {
    let mut teams: BTreeMap<Uuid, Vec<MemberRow>> = BTreeMap::new();
    for row in rows {
        teams.entry(row.team_id).or_default().push(row);
    }
    teams.into_values().map(TeamRows).collect()
}

/// The names and time zones of everyone who is compared.
struct Everyone {
    known: HashMap<UserId, Who>,
    zones: BTreeMap<UserId, Tz>,
}

impl Everyone {
    async fn read(db: &impl Sql, teams: &[TeamRows], lone: &[LoneRow]) -> Result<Self, DbError> {
        let alone = || lone.iter().map(|row| UserId::new(row.user_id));
        let members = teams.iter().flat_map(|team| &team.0);
        let members = members.map(|row| UserId::new(row.user_id));
        Ok(Self {
            known: identity::reads::who(db, alone()).await?,
            zones: identity::reads::timezones(db, alone().chain(members)).await?,
        })
    }

    fn traits(&self, person: Uuid, skills: &str, hackathons: i64) -> PersonTraits {
        PersonTraits {
            skills: split(skills),
            zone: self.zones.get(&person.into()).copied(),
            hackathons,
        }
    }

    fn member(&self, row: &MemberRow) -> PersonTraits {
        self.traits(row.user_id, &row.skills, row.hackathons)
    }

    fn seeker(&self, person: UserId, own: Option<&TeamRows>, lone: &[LoneRow]) -> Seeker {
        let rows = own.map_or(&[][..], |own| &own.0);
        let (me, mates): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.user_id == person.0);
        let alone = lone.iter().find(|row| row.user_id == person.0);
        let alone = alone.map(|row| self.traits(row.user_id, &row.skills, row.hackathons));
        let me = me.first().map(|row| self.member(row));
        Seeker {
            own: me.or(alone).unwrap_or_default(),
            mates: mates.into_iter().map(|row| self.member(row)).collect(),
        }
    }

    fn team(&self, team: &TeamRows, open_slots: i64) -> (Recommended, RecommendationCandidate) {
        let (slug, name) = match team.0.first() {
            Some(row) => (row.slug.clone(), row.name.clone()),
            None => Default::default(),
        };
        let candidate = RecommendationCandidate {
            name: name.clone(),
            people: team.0.iter().map(|row| self.member(row)).collect(),
            is_team: true,
        };
        let whom = Recommended::Team { slug, name, open_slots };
        (whom, candidate)
    }

    /// Returns a person as a candidate, unless they closed their account.
    fn person(&self, row: &LoneRow) -> Option<(Recommended, RecommendationCandidate)> {
        let who = self.known.get(&row.user_id.into())?;
        let candidate = RecommendationCandidate {
            name: who.login.clone(),
            people: vec![self.traits(row.user_id, &row.skills, row.hackathons)],
            is_team: false,
        };
        let has_profile = identity::rules::has_profile(&who.login);
        has_profile.then(|| (Recommended::Person(who.clone()), candidate))
    }
}

/// Returns the number of hackathons in which a person submitted something before this one; `person` and `hackathon` are columns.
fn submitted(person: &str, hackathon: &str) -> String {
    format!(
        "(SELECT count(*) FROM hackathon_results x WHERE x.user_id = {person} \
         AND x.hackathon_id <> {hackathon}) AS hackathons"
    )
}

/// Returns the number of blocks between the person `me` and the person in a column.
fn blocks(me: &str, person: &str) -> String {
    format!(
        "(SELECT count(*) FROM friendships f WHERE f.status = 'blocked' AND (\
         (f.requester_id = {me} AND f.addressee_id = {person}) OR \
         (f.requester_id = {person} AND f.addressee_id = {me})))"
    )
}

/// Lists the members of all teams of a hackathon, in the order in which they joined.
async fn members(
    db: &impl Sql,
    hackathon: &HackathonView,
    person: UserId,
) -> Result<Vec<MemberRow>, DbError> {
    let mut query = db.query();
    let (id, me) = (query.bind(hackathon.key()), query.bind(person));
    let hackathons = submitted("m.user_id", "m.hackathon_id");
    let blocks = blocks(&me, "m.user_id");
    let sql = format!(
        "SELECT m.team_id, t.slug, t.name, t.locked_at, m.user_id, coalesce(a.skills, '') AS skills, \
         {hackathons}, {blocks} AS blocks FROM team_members m JOIN teams t ON t.id = m.team_id \
         LEFT JOIN applications a ON a.hackathon_id = m.hackathon_id AND a.user_id = m.user_id \
         WHERE m.hackathon_id = {id} AND m.status = 'active' ORDER BY m.id"
    );
    db.all(query.statement(sql)).await
}

/// Lists the people with a place who are looking for a team, have none and are not blocked, and the person themselves.
async fn lone_people(
    db: &impl Sql,
    hackathon: &HackathonView,
    person: UserId,
) -> Result<Vec<LoneRow>, DbError> {
    let mut query = db.query();
    let (id, me) = (query.bind(hackathon.key()), query.bind(person));
    let looking = query.bind(true);
    let hackathons = submitted("a.user_id", "a.hackathon_id");
    let blocks = blocks(&me, "a.user_id");
    let sql = format!(
        "SELECT a.user_id, a.skills, {hackathons} FROM applications a WHERE a.hackathon_id = {id} \
         AND (a.user_id = {me} OR (a.is_looking_for_team = {looking} \
         AND a.status IN ('auto_accepted', 'approved') AND {blocks} = 0 \
         AND NOT EXISTS (SELECT 1 FROM team_members m WHERE m.hackathon_id = a.hackathon_id \
         AND m.user_id = a.user_id AND m.status = 'active'))) ORDER BY a.id"
    );
    db.all(query.statement(sql)).await
}
