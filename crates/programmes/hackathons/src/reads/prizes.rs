//! Queries for prizes and their awards.

use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    crypto::KeyRing,
    db::{DbError, Query, Sql},
};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use uuid::Uuid;

use super::SubmissionView;
use crate::{
    model::{HackathonId, PrizeAwardId, PrizeId, PrizeState, SubmissionId},
    rules::prizes::PrizeDetails,
};

#[derive(Clone, Debug, FromQueryResult)]
pub struct PrizeView {
    pub id: Uuid,
    /// The slug, unique in the hackathon.
    pub slug: String,
    pub name: String,
    /// The slug of the track; empty for none.
    pub track: String,
    pub track_name: Option<String>,
    /// The sponsor; empty for none.
    pub sponsor: String,
    /// The value in words; empty if it is not stated.
    pub value: String,
    /// The number of submissions that can get it.
    pub count: i64,
    /// The position in lists, lowest first.
    pub position: i64,
    /// The number of awards that are not forfeited, also before the results.
    pub awarded: i64,
}

impl PrizeView {
    /// Returns the typed ID.
    #[must_use]
    pub fn key(&self) -> PrizeId {
        self.id.into()
    }

    #[must_use]
    pub fn details(&self) -> PrizeDetails {
        PrizeDetails {
            name: self.name.clone(),
            track: self.track.clone(),
            sponsor: self.sponsor.clone(),
            value: self.value.clone(),
            count: self.count,
            position: self.position,
        }
    }

    /// Returns whether a submission is in the track of the prize. A prize without one is for all.
    #[must_use]
    pub fn is_for(&self, submission: &SubmissionView) -> bool {
        self.track_name.is_none() || submission.tracks().contains(&self.track.as_str())
    }

    /// Returns what the prize is, in words: its value, its number if there are several, its sponsor and its track.
    #[must_use]
    pub fn about(&self) -> String {
        let mut parts = Vec::new();
        if !self.value.is_empty() {
            parts.push(self.value.clone());
        }
        if self.count > 1 {
            parts.push(format!("{} times", self.count));
        }
        if !self.sponsor.is_empty() {
            parts.push(format!("by {}", self.sponsor));
        }
        if let Some(track) = &self.track_name {
            parts.push(format!("track {track}"));
        }
        parts.join(", ")
    }
}

const PRIZE: &str = "SELECT p.id, p.slug, p.name, p.track, t.name AS track_name, p.sponsor, p.value, p.count, p.position, \
     (SELECT count(*) FROM prize_awards a WHERE a.prize_id = p.id AND a.state <> 'forfeited') AS awarded \
     FROM prizes p LEFT JOIN hackathon_tracks t ON t.hackathon_id = p.hackathon_id AND t.slug = p.track";

/// Lists the prizes of a hackathon in their order.
pub async fn prizes(db: &impl Sql, hackathon: HackathonId) -> Result<Vec<PrizeView>, DbError> {
    let sql = format!("{PRIZE} WHERE p.hackathon_id = $1 ORDER BY p.position, p.id");
    db.all(db.statement(&sql, [hackathon.into()])).await
}

/// Finds a prize of a hackathon by its slug.
pub async fn prize(
    db: &impl Sql,
    hackathon: HackathonId,
    slug: &str,
) -> Result<Option<PrizeView>, DbError> {
    let sql = format!("{PRIZE} WHERE p.hackathon_id = $1 AND p.slug = $2");
    db.one(db.statement(&sql, [hackathon.into(), slug.into()])).await
}

/// Returns whether a prize was ever awarded, also if the award is forfeited.
pub async fn has_awards(db: &impl Sql, prize: PrizeId) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM prize_awards a WHERE a.prize_id = $1";
    Ok(db.count(db.statement(sql, [prize.into()])).await? > 0)
}

/// Returns whether a submission has a prize that is not forfeited.
pub async fn has_prize(
    db: &impl Sql,
    prize: PrizeId,
    submission: SubmissionId,
) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM prize_awards a WHERE a.prize_id = $1 AND a.submission_id = $2 \
               AND a.state <> 'forfeited'";
    let values = [prize.into(), submission.into()];
    Ok(db.count(db.statement(sql, values)).await? > 0)
}

/// An award of a prize to a submission.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PrizeAwardView {
    pub id: Uuid,
    pub hackathon_id: Uuid,
    pub prize_id: Uuid,
    pub slug: String,
    pub name: String,
    /// The value of the prize in words; may be empty.
    pub value: String,
    pub submission_id: Uuid,
    /// The name of the project.
    pub project: String,
    user_id: Option<Uuid>,
    /// The name of the team, or the login of the person who submitted alone.
    #[sea_orm(from_alias = "team_name")]
    pub team: Option<String>,
    pub state: PrizeState,
    /// When the state was reached.
    pub state_at: Timestamp,
    pub created_at: Timestamp,
    /// The instant from which everyone sees it; absent before the results.
    pub published_at: Option<Timestamp>,
    /// Why it is forfeited.
    pub reason: Option<String>,
    claimed_by_id: Option<Uuid>,
    /// The login of the person who claimed it.
    #[sea_orm(skip)]
    pub claimed_by: Option<String>,
    /// The claim details, encrypted.
    pub claim_secret: Option<Vec<u8>>,
    disqualified_at: Option<Timestamp>,
    withdrawn_at: Option<Timestamp>,
}

impl PrizeAwardView {
    /// Returns the typed ID.
    #[must_use]
    pub fn key(&self) -> PrizeAwardId {
        self.id.into()
    }

    /// Returns the name of the team, or the login of the person; empty if it is not known.
    #[must_use]
    pub fn team(&self) -> &str {
        self.team.as_deref().unwrap_or_default()
    }

    /// Returns the person who claimed it.
    #[must_use]
    pub fn claimant(&self) -> Option<UserId> {
        self.claimed_by_id.map(UserId::new)
    }

    /// Returns whether the submission still counts.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.lost().is_none()
    }

    /// Returns why the submission no longer counts, as a heading.
    #[must_use]
    pub fn lost(&self) -> Option<&'static str> {
        match (self.withdrawn_at, self.disqualified_at) {
            (None, None) => None,
            (Some(_), None) => Some("Withdrawn"),
            (_, Some(_)) => Some("Disqualified"),
        }
    }
}

const AWARD: &str = "SELECT a.id, a.hackathon_id, a.prize_id, p.slug, p.name, p.value, a.submission_id, \
     s.title AS project, s.user_id, t.name AS team_name, a.state, a.state_at, a.created_at, a.published_at, a.reason, \
     a.claimed_by_id, a.claim_secret, s.disqualified_at, s.withdrawn_at FROM prize_awards a \
     JOIN prizes p ON p.id = a.prize_id JOIN submissions s ON s.id = a.submission_id \
     LEFT JOIN teams t ON t.id = s.team_id";

/// Adds the logins of people.
async fn named(
    db: &impl Sql,
    mut found: Vec<PrizeAwardView>,
) -> Result<Vec<PrizeAwardView>, DbError> {
    let people = found.iter().flat_map(|row| [row.user_id, row.claimed_by_id]);
    let people: Vec<UserId> = people.flatten().map(UserId::new).collect();
    let logins = identity::reads::logins(db, people).await?;
    let login = |id: Uuid| logins.get(&UserId::new(id)).cloned();
    for row in &mut found {
        row.claimed_by = row.claimed_by_id.and_then(login);
        if let Some(person) = row.user_id {
            row.team = login(person);
        }
    }
    Ok(found)
}

pub async fn prize_award(
    db: &impl Sql,
    id: PrizeAwardId,
) -> Result<Option<PrizeAwardView>, DbError> {
    let sql = format!("{AWARD} WHERE a.id = $1");
    let found = db.all(db.statement(&sql, [id.into()])).await?;
    Ok(named(db, found).await?.pop())
}

/// A part of the awards of a hackathon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrizeAwardPart {
    /// Awards that are not received or forfeited.
    Open,
    With(PrizeState),
    Of(PrizeId),
    All,
}

impl PrizeAwardPart {
    /// Returns the part with a name: `open`, `all` or a state.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "" | "open" => Some(Self::Open),
            "all" => Some(Self::All),
            state => PrizeState::named(state).map(Self::With),
        }
    }

    fn condition(self, query: &mut Query) -> String {
        match self {
            Self::All => "true".to_owned(),
            Self::Open => "a.state IN ('awarded', 'claimed', 'sent')".to_owned(),
            Self::With(state) => format!("a.state = {}", query.bind(state.as_str())),
            Self::Of(prize) => format!("a.prize_id = {}", query.bind(prize)),
        }
    }
}

/// Lists awards of a hackathon after one of them, earliest first, also unpublished ones.
pub async fn prize_awards(
    db: &impl Sql,
    hackathon: HackathonId,
    part: PrizeAwardPart,
    after: Option<PrizeAwardId>,
    limit: i64,
) -> Result<Vec<PrizeAwardView>, DbError> {
    let mut query = db.query();
    let hackathon = query.bind(hackathon);
    let part = part.condition(&mut query);
    let after = after.map_or(String::new(), |id| format!("AND a.id > {}", query.bind(id)));
    let limit = query.bind(limit);
    let sql = format!(
        "{AWARD} WHERE a.hackathon_id = {hackathon} AND {part} {after} ORDER BY a.id LIMIT {limit}"
    );
    named(db, db.all(query.statement(sql)).await?).await
}

/// Lists the published awards of a hackathon in the order of its prizes, at most 1,000, without those that are forfeited or whose
/// submission does not count any longer.
pub async fn prize_winners(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<PrizeAwardView>, DbError> {
    let sql = format!(
        "{AWARD} WHERE a.hackathon_id = $1 AND a.published_at IS NOT NULL AND a.state <> 'forfeited' \
         AND s.disqualified_at IS NULL AND s.withdrawn_at IS NULL ORDER BY p.position, p.id, a.id LIMIT 1000"
    );
    let found = db.all(db.statement(&sql, [hackathon.into()])).await?;
    named(db, found).await
}

/// Lists the published awards of the submission that a person has in the results of a hackathon.
pub async fn prizes_of(
    db: &impl Sql,
    hackathon: HackathonId,
    person: UserId,
) -> Result<Vec<PrizeAwardView>, DbError> {
    let sql = format!(
        "{AWARD} JOIN hackathon_results x ON x.hackathon_id = a.hackathon_id AND x.submission_id = a.submission_id \
         WHERE a.hackathon_id = $1 AND a.published_at IS NOT NULL AND x.user_id = $2 \
         ORDER BY p.position, p.id, a.id"
    );
    let values = [hackathon.into(), person.into()];
    let found = db.all(db.statement(&sql, values)).await?;
    named(db, found).await
}

/// Lists the people whose results are stored for a submission, who get its prizes.
pub async fn prize_recipients(
    db: &impl Sql,
    submission: SubmissionId,
) -> Result<Vec<UserId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
    }
    let sql = "SELECT x.user_id FROM hackathon_results x WHERE x.submission_id = $1 ORDER BY x.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [submission.into()])).await?;
    Ok(rows.into_iter().map(|row| row.user_id.into()).collect())
}

/// A hackathon whose prizes wait.
#[derive(Clone, Debug, FromQueryResult)]
pub struct WaitingPrizes {
    /// The hackathon's slug.
    pub slug: String,
    /// The hackathon's name.
    pub title: String,
    /// The number of awards that wait.
    pub waiting: i64,
}

/// Lists the hackathons with prizes that wait since before an instant, at most 100.
pub async fn waiting_prizes(
    db: &impl Sql,
    before: Timestamp,
) -> Result<Vec<WaitingPrizes>, DbError> {
    let sql = "SELECT h.slug, h.title, count(*) AS waiting FROM prize_awards a \
               JOIN hackathons h ON h.id = a.hackathon_id WHERE a.state IN ('awarded', 'claimed') \
               AND a.published_at <= $1 GROUP BY h.id, h.slug, h.title ORDER BY h.slug LIMIT 100";
    db.all(db.statement(sql, [before.into()])).await
}

/// Exports the prizes that a person won, with the claim details that they stated, which are null once they are removed or no key
/// of the server decrypts them.
pub(super) async fn export_prizes(
    db: &impl Sql,
    keys: Option<&KeyRing>,
    person: UserId,
) -> Result<Value, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        title: String,
        name: String,
        state: PrizeState,
        state_at: Timestamp,
        published_at: Timestamp,
        claim_secret: Option<Vec<u8>>,
    }
    let sql = "SELECT h.title, p.name, a.state, a.state_at, a.published_at, \
               CASE WHEN a.claimed_by_id = $1 THEN a.claim_secret END AS claim_secret FROM prize_awards a \
               JOIN prizes p ON p.id = a.prize_id JOIN hackathons h ON h.id = a.hackathon_id \
               JOIN hackathon_results x ON x.hackathon_id = a.hackathon_id AND x.submission_id = a.submission_id \
               WHERE x.user_id = $1 AND a.published_at IS NOT NULL ORDER BY a.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [person.into()])).await?;
    let open = |sealed: &Vec<u8>| keys.and_then(|keys| keys.open(sealed).ok());
    let object = |row: Row| {
        let claim = row.claim_secret.as_ref().and_then(open);
        json!({
            "hackathon": row.title, "prize": row.name, "state": row.state.as_str(), "state_at": row.state_at,
            "published_at": row.published_at,
            "claim": claim.map(|plain| String::from_utf8_lossy(&plain).into_owned()),
        })
    };
    Ok(rows.into_iter().map(object).collect())
}
