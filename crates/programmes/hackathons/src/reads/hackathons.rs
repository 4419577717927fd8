use chrono_tz::Tz;
use identity::model::UserId;
use kernel::{Problem, Timestamp};
use platform::{
    config::Network,
    db::{DbError, Query, Sql},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::Counts;
use crate::{
    model::{HackathonId, Held, Phase, Places, StaffRole, Steps, Timeline, Visibility},
    rules::{
        applications::{is_late_registration, takes_applications},
        details::{HackathonDetails, Question},
        timeline::phase,
        venue::{exempt, window},
        waitlist::{free_places, late_status},
    },
};

/// A hackathon, as shown on pages.
#[derive(Clone, Debug, FromQueryResult)]
pub struct HackathonView {
    pub id: Uuid,
    pub slug: String,
    /// The name.
    pub title: String,
    /// The line below the name.
    pub summary: String,
    /// The description, as Markdown.
    pub description: String,
    /// The requirements: people who can take part, and what they submit, as Markdown.
    pub requirements: String,
    /// The prizes, as Markdown.
    pub prizes: String,
    tags: String,
    questions: String,
    /// The version of the code of conduct.
    pub conduct_version: i64,
    pub visibility: Visibility,
    /// The code of the invitation link.
    pub invite_code: String,
    pub places: Places,
    /// The kind of place where it is held; `None` if that is not stated.
    pub held: Option<Held>,
    /// The name of the place; `None` if it is not stated.
    pub venue: Option<String>,
    /// The number of places; `None` for no limit.
    pub capacity: Option<i64>,
    /// The time by which people confirm their places; `None` if they need not.
    pub confirm_by: Option<Timestamp>,
    /// True if people can apply until submissions close, while places are free.
    pub late_registration: bool,
    venue_networks: String,
    approved_networks: String,
    approved_until: Option<Timestamp>,
    /// The minimum number of people in a team.
    pub team_min: i64,
    /// The maximum number of people in a team.
    pub team_max: i64,
    timezone: String,
    #[sea_orm(nested)]
    timeline: Timeline,
    #[sea_orm(nested)]
    steps: Steps,
    /// The results, as Markdown.
    pub results: String,
    /// The number of changes, for calendars.
    pub sequence: i64,
    /// Why it is canceled.
    pub cancel_reason: Option<String>,
    /// When the results become public; `None` if none wait.
    pub results_due_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Timestamp,
    picture: Option<String>,
    picture_text: Option<String>,
}

impl HackathonView {
    /// Returns a hackathon as it would be if it were published at an instant with these details. Nothing is stored.
    #[must_use]
    pub fn imagined(slug: String, details: HackathonDetails, at: Timestamp) -> Self {
        Self {
            id: Uuid::nil(),
            slug,
            tags: details.tags.join(","),
            questions: serde_json::to_string(&details.questions).unwrap_or_default(),
            title: details.title,
            summary: details.summary,
            description: details.description,
            requirements: details.requirements,
            prizes: details.prizes,
            conduct_version: 1,
            visibility: details.visibility,
            invite_code: String::new(),
            places: details.places,
            held: details.held,
            venue: Some(details.venue),
            capacity: details.capacity,
            confirm_by: details.confirm_by,
            late_registration: details.late_registration,
            venue_networks: String::new(),
            approved_networks: String::new(),
            approved_until: None,
            team_min: details.team_min,
            team_max: details.team_max,
            timezone: details.timezone.name().to_owned(),
            timeline: details.timeline,
            steps: Steps { published_at: Some(at), ..Steps::default() },
            results: String::new(),
            sequence: 0,
            cancel_reason: None,
            results_due_at: None,
            updated_at: at,
            picture: None,
            picture_text: None,
        }
    }

    /// Returns the path and the description of its own picture; `None` if it is drawn.
    #[must_use]
    pub fn picture(&self) -> Option<(String, String)> {
        picture(self.picture.as_ref(), self.picture_text.as_ref())
    }

    /// Returns the typed ID.
    #[must_use]
    pub fn key(&self) -> HackathonId {
        self.id.into()
    }

    /// Returns the dates.
    #[must_use]
    pub fn timeline(&self) -> Timeline {
        self.timeline
    }

    /// Returns the steps that organizers took.
    #[must_use]
    pub fn steps(&self) -> Steps {
        self.steps
    }

    /// Returns the phase at an instant.
    #[must_use]
    pub fn phase(&self, now: Timestamp) -> Phase {
        phase(&self.timeline, &self.steps, now)
    }

    /// Returns the networks of the place, as the organizers stated them.
    #[must_use]
    pub fn venue_networks(&self) -> Vec<String> {
        split(&self.venue_networks)
    }

    /// Returns those of the networks that an admin approved, which are exempt from rate limits by client address.
    #[must_use]
    pub fn exempt_networks(&self) -> Vec<Network> {
        exempt(&self.venue_networks(), &split(&self.approved_networks))
    }

    /// Returns the instants between which approved networks are exempt.
    #[must_use]
    pub fn exempt_window(&self) -> (Timestamp, Timestamp) {
        window(&self.timeline(), self.approved_until)
    }

    /// Returns whether the approval of the networks ends before judging does, because the dates were moved since.
    #[must_use]
    pub fn approval_ends_early(&self) -> bool {
        !self.approved_networks.is_empty()
            && self.exempt_window().1 < self.timeline.judging_closes_at
    }

    /// Returns whether an admin approved a network.
    #[must_use]
    pub fn is_exempt(&self, network: &str) -> bool {
        split(&self.approved_networks).iter().any(|it| it == network)
    }

    /// Refuses a new application of late registration at an instant while no place is free for it.
    ///
    /// # Errors
    /// When all places are taken, or the free ones are for the waitlist.
    pub fn admit_late(&self, counts: &Counts, now: Timestamp) -> Result<(), Problem> {
        let free = free_places(self.capacity, counts.accepted);
        if is_late_registration(self.phase(now)) {
            late_status(self.places, free, counts.waitlisted == 0).map(|_| ())
        } else {
            Ok(())
        }
    }

    /// Returns whether people apply at an instant.
    #[must_use]
    pub fn takes_applications(&self, now: Timestamp) -> bool {
        takes_applications(self.phase(now), self.late_registration)
    }

    /// Returns the instant until which people apply, as seen at another one: the end of late registration once applications are
    /// closed.
    #[must_use]
    pub fn applications_end(&self, now: Timestamp) -> Timestamp {
        if self.late_registration && is_late_registration(self.phase(now)) {
            self.timeline.submission_closes_at
        } else {
            self.timeline.application_closes_at
        }
    }

    /// Returns the time zone.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.timezone.parse().unwrap_or(Tz::UTC)
    }

    #[must_use]
    pub fn tags(&self) -> Vec<String> {
        split(&self.tags)
    }

    /// Returns the questions to everyone who applies.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        serde_json::from_str(&self.questions).unwrap_or_default()
    }

    /// Returns where it is held, in words: "Online", or its place; `None` if that is not stated.
    #[must_use]
    pub fn place(&self) -> Option<String> {
        let venue = self.venue.as_deref().filter(|venue| !venue.is_empty());
        match (self.held?, venue) {
            (Held::Both, Some(venue)) => Some(format!("{venue}, and online")),
            (Held::Both, None) => Some("Online and at a place".to_owned()),
            (Held::Onsite, Some(venue)) => Some(venue.to_owned()),
            (held, _) => Some(held.heading().to_owned()),
        }
    }

    /// Returns the path of its page.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/hackathons/{}", self.slug)
    }

    /// Returns the details, with the text of the code of conduct.
    #[must_use]
    pub fn details(&self, conduct: String) -> HackathonDetails {
        HackathonDetails {
            title: self.title.clone(),
            summary: self.summary.clone(),
            description: self.description.clone(),
            requirements: self.requirements.clone(),
            prizes: self.prizes.clone(),
            conduct,
            tags: self.tags(),
            questions: self.questions(),
            visibility: self.visibility,
            places: self.places,
            held: self.held,
            venue: self.venue.clone().unwrap_or_default(),
            capacity: self.capacity,
            confirm_by: self.confirm_by,
            late_registration: self.late_registration,
            team_min: self.team_min,
            team_max: self.team_max,
            timezone: self.zone(),
            timeline: self.timeline(),
        }
    }
}

/// Returns the path and the description of a picture.
pub(super) fn picture(path: Option<&String>, text: Option<&String>) -> Option<(String, String)> {
    path.cloned().map(|path| (path, text.cloned().unwrap_or_default()))
}

/// Splits a stored list.
pub(super) fn split(stored: &str) -> Vec<String> {
    let parts = stored.split(',').filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

/// The columns of a [`HackathonView`], from the table with the alias `h`.
pub(super) const HACKATHON: &str = "h.id, h.slug, h.title, h.summary, h.description, h.requirements, h.prizes, h.tags, \
     h.questions, h.conduct_version, h.visibility, h.invite_code, h.places, h.capacity, h.confirm_by, \
     h.late_registration, h.venue_networks, h.approved_networks, h.approved_until, h.team_min, h.team_max, \
     h.timezone, h.application_opens_at, h.application_closes_at, h.submission_opens_at, h.submission_closes_at, h.judging_opens_at, h.judging_closes_at, h.results, h.sequence, \
     h.cancel_reason, h.published_at, h.canceled_at, h.results_published_at, h.archived_at, h.updated_at, h.picture, h.picture_text, h.held, h.venue, \
     (SELECT w.due_at FROM result_publications w WHERE w.hackathon_id = h.id AND h.results_published_at IS NULL) \
     AS results_due_at";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HackathonPart {
    /// The published ones that are not private.
    Listed,
    /// The hackathons in whose staff a person is.
    StaffedBy(UserId),
    /// The hackathons that a person organizes.
    OrganizedBy(UserId),
    /// All of them.
    All,
}

impl HackathonPart {
    /// Returns the condition that the rows of the part fulfill, for an alias of the table.
    fn condition(self, alias: &str, query: &mut Query) -> String {
        match self {
            Self::Listed => {
                format!("{alias}.published_at IS NOT NULL AND {alias}.visibility <> 'private'")
            }
            Self::All => "true".to_owned(),
            Self::OrganizedBy(person) => format!(
                "EXISTS (SELECT 1 FROM hackathon_staff s WHERE s.hackathon_id = {alias}.id AND s.user_id = {} AND s.role = '{}')",
                query.bind(person),
                StaffRole::Organizer.as_str()
            ),
            Self::StaffedBy(person) => format!(
                "EXISTS (SELECT 1 FROM hackathon_staff s WHERE s.hackathon_id = {alias}.id AND s.user_id = {})",
                query.bind(person)
            ),
        }
    }
}

/// A hackathon with the number of people who have a place.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct HackathonWithPeople {
    #[sea_orm(nested)]
    pub(crate) hackathon: HackathonView,
    pub(crate) people: i64,
}

/// Lists the published hackathons that are not private, latest end of submissions first.
pub(crate) async fn listed_with_people(
    db: &impl Sql,
    limit: i64,
) -> Result<Vec<HackathonWithPeople>, DbError> {
    let mut query = db.query();
    let listed = HackathonPart::Listed.condition("h", &mut query);
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT {HACKATHON}, (SELECT count(*) FROM applications n WHERE n.hackathon_id = h.id \
         AND n.status IN ('auto_accepted', 'approved')) AS people FROM hackathons h WHERE {listed} \
         ORDER BY h.submission_closes_at DESC, h.id DESC LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Lists a part of the hackathons after the one with a slug, latest end of submissions first.
pub async fn hackathons(
    db: &impl Sql,
    part: HackathonPart,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<HackathonView>, DbError> {
    let mut query = db.query();
    let mut holds = part.condition("h", &mut query);
    if let Some(after) = after {
        // A slug outside the part leads nowhere, so that it does not show whether it exists.
        let of_part = part.condition("b", &mut query);
        let after = query.bind(after);
        holds = format!(
            "{holds} AND (h.submission_closes_at, h.id) < (SELECT b.submission_closes_at, b.id \
             FROM hackathons b WHERE {of_part} AND b.slug = {after})"
        );
    }
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT {HACKATHON} FROM hackathons h WHERE {holds} \
         ORDER BY h.submission_closes_at DESC, h.id DESC LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Finds a hackathon by its slug, in any phase.
pub async fn hackathon(db: &impl Sql, slug: &str) -> Result<Option<HackathonView>, DbError> {
    let sql = format!("SELECT {HACKATHON} FROM hackathons h WHERE h.slug = $1");
    db.one(db.statement(&sql, [slug.into()])).await
}

/// Finds a hackathon by its ID.
pub async fn hackathon_by_id(
    db: &impl Sql,
    id: HackathonId,
) -> Result<Option<HackathonView>, DbError> {
    let sql = format!("SELECT {HACKATHON} FROM hackathons h WHERE h.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Lists the hackathons with a waitlist that may still get places.
pub async fn with_waitlist(db: &impl Sql, now: Timestamp) -> Result<Vec<HackathonId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT h.id FROM hackathons h WHERE h.submission_closes_at > $1 AND h.canceled_at IS NULL \
               AND EXISTS (SELECT 1 FROM applications a WHERE a.hackathon_id = h.id \
               AND a.status = 'waitlisted') ORDER BY h.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [now.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Returns a version of a hackathon's code of conduct; empty if there is none.
pub async fn conduct(db: &impl Sql, id: HackathonId, version: i64) -> Result<String, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        text: String,
    }
    let sql =
        "SELECT c.text FROM hackathon_conducts c WHERE c.hackathon_id = $1 AND c.version = $2";
    let found: Option<Row> = db.one(db.statement(sql, [id.into(), version.into()])).await?;
    Ok(found.map(|row| row.text).unwrap_or_default())
}
