//! A school year that is over: the roster's competitors and their results as they were when it was archived. Nothing that happens
//! to them later changes it, except that an erased competitor loses their name.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use chrono::{DateTime, TimeDelta};
use kernel::Timestamp;
use platform::{
    db::{DbError, Sql, read_rows},
    folded::FoldedText,
};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    DashboardPerson, DomainTotals, FlashMomentum, MemberView, PersonFigures, RecentSolve,
    RosterView,
    competitors::{CompetitorFilter, CompetitorRow},
    dashboard::{PRESENT, dashboard_people, recent_solves},
};
use crate::model::{CompetitorStatus, RosterId, SolveSource};

/// The result of a competitor in a Flash CTF.
#[derive(Clone, Debug, FromQueryResult, Serialize, Deserialize)]
pub struct KeptEvent {
    pub competitor_id: Uuid,
    pub event_id: String,
    pub name: String,
    /// When it began.
    pub started_at: Timestamp,
    pub solves: i64,
    pub points: i64,
    /// The points that they could have earned.
    pub possible: i64,
}

/// A competitor as an archived year keeps them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptYear {
    pub person: DashboardPerson,
    pub status: CompetitorStatus,
    /// The solves, latest first.
    pub solves: Vec<RecentSolve>,
    pub events: Vec<KeptEvent>,
}

impl KeptYear {
    /// Reads what was stored.
    pub(crate) fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Vec<Self>, DbError> {
        let texts: Vec<&str> = texts.into_iter().collect();
        read_rows(&format!("[{}]", texts.join(",")))
    }

    /// Returns the text to store.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Returns the year of a competitor who was erased: only their results stay, with IDs and instants.
    #[must_use]
    pub fn erased(self, now: Timestamp) -> Self {
        let person = DashboardPerson {
            first_name: String::new(),
            last_name: String::new(),
            grade: None,
            username: None,
            is_18_or_over: None,
            account_error: None,
            error_message: None,
            erased_at: Some(now),
            ..self.person
        };
        Self { person, ..self }
    }

    fn figures(&self, span: &Range<Timestamp>) -> PersonFigures {
        let mut figures = PersonFigures::default();
        for solve in self.solves.iter().filter(|solve| span.contains(&solve.solved_at)) {
            let own = DomainTotals {
                solves: 1,
                flash: i64::from(solve.source == SolveSource::FlashCtf),
                points: solve.points,
                last: Some(solve.solved_at),
            };
            figures.domains.entry(solve.domain.clone()).or_default().add(&own);
        }
        figures
    }

    fn row(&self) -> CompetitorRow {
        let person = &self.person;
        CompetitorRow {
            id: person.id,
            first_name: person.first_name.clone(),
            last_name: person.last_name.clone(),
            grade: person.grade,
            status: self.status,
            release_signed: person.release_signed,
            can_ask_parent: false,
            confirmed_at: Some(DateTime::UNIX_EPOCH),
            erased_at: person.erased_at,
            metactf_username: person.username.clone(),
            game_platform_sync_error: person.account_error.clone(),
            team: person.team.clone(),
        }
    }
}

/// The competitors of a roster whose school year is over, by name.
#[derive(Clone, Debug)]
pub struct ArchivedYear(Vec<KeptYear>);

/// Returns the archived year of a roster; `None` while the year lasts.
///
/// # Errors
/// When the database fails.
pub async fn archived_year(
    db: &impl Sql,
    roster: &RosterView,
) -> Result<Option<ArchivedYear>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        kept: String,
    }
    if !roster.is_archived() {
        return Ok(None);
    }
    let sql = "SELECT n.kept FROM ctf_enrollments n WHERE n.roster_id = $1 AND n.kept IS NOT NULL \
               ORDER BY n.competitor_id";
    let rows: Vec<Row> = db.all(db.statement(sql, [roster.key().into()])).await?;
    let mut years = KeptYear::read(rows.iter().map(|row| row.kept.as_str()))?;
    years.sort_by_cached_key(|year| {
        let person = &year.person;
        (person.last_name.to_lowercase(), person.first_name.to_lowercase(), person.id)
    });
    Ok(Some(ArchivedYear(years)))
}

impl ArchivedYear {
    #[must_use]
    pub fn people(&self) -> Vec<DashboardPerson> {
        self.0.iter().map(|year| year.person.clone()).collect()
    }

    /// Returns the solves in a range by competitor and domain.
    #[must_use]
    pub fn figures(&self, span: &Range<Timestamp>) -> BTreeMap<Uuid, Arc<PersonFigures>> {
        let own = |year: &KeptYear| (year.person.id, Arc::new(year.figures(span)));
        self.0.iter().map(own).collect()
    }

    /// Returns the latest solves in a range, at most `limit`.
    #[must_use]
    pub fn recent_solves(&self, span: &Range<Timestamp>, limit: usize) -> Vec<RecentSolve> {
        let solves = self.0.iter().flat_map(|year| &year.solves);
        let mut solves: Vec<_> =
            solves.filter(|solve| span.contains(&solve.solved_at)).cloned().collect();
        solves.sort_by_key(|solve| Reverse(solve.solved_at));
        solves.truncate(limit);
        solves
    }

    /// Returns the last Flash CTFs before an instant, latest first, at most `limit`.
    #[must_use]
    pub fn flash_momentum(&self, to: Timestamp, limit: usize) -> Vec<FlashMomentum> {
        let mut events = BTreeMap::<&str, FlashMomentum>::new();
        for event in self.0.iter().flat_map(|year| &year.events).filter(|it| it.started_at < to) {
            let sum = events.entry(&event.event_id).or_insert_with(|| FlashMomentum {
                event_id: event.event_id.clone(),
                name: event.name.clone(),
                started_at: event.started_at,
                competitors: 0,
                solves: 0,
                points: 0,
                possible: 0,
            });
            sum.competitors += 1;
            sum.solves += event.solves;
            sum.points += event.points;
            sum.possible += event.possible;
        }
        let mut events: Vec<_> = events.into_values().collect();
        events.sort_by_key(|event| Reverse(event.started_at));
        events.truncate(limit);
        events
    }

    /// Returns the competitors who took part in a Flash CTF.
    #[must_use]
    pub fn entrants(&self, event: &str) -> BTreeSet<Uuid> {
        let entered = |year: &&KeptYear| year.events.iter().any(|it| it.event_id == event);
        self.0.iter().filter(entered).map(|year| year.person.id).collect()
    }

    /// Returns the competitors that a filter chooses. Those who left before the year was over are not kept.
    #[must_use]
    pub fn competitors(&self, list: &CompetitorFilter) -> Vec<CompetitorRow> {
        let search = FoldedText::of(&list.search);
        let holds = |year: &&KeptYear| {
            let person = &year.person;
            let name = FoldedText::of(&format!("{} {}", person.first_name, person.last_name));
            !list.gone
                && list.need.is_none()
                && list.status.is_none_or(|status| status == year.status)
                && list.grade.is_none_or(|grade| Some(grade) == person.grade)
                && name.contains(&search)
        };
        self.0.iter().filter(holds).map(KeptYear::row).collect()
    }

    /// Counts the competitors by status.
    #[must_use]
    pub fn status_counts(&self) -> Vec<(CompetitorStatus, i64)> {
        let count = |status: CompetitorStatus| {
            let own = self.0.iter().filter(|year| year.status == status);
            (status, i64::try_from(own.count()).unwrap_or(i64::MAX))
        };
        CompetitorStatus::ALL.map(count).to_vec()
    }

    /// Returns the competitors with their teams.
    #[must_use]
    pub fn members(&self) -> Vec<MemberView> {
        let member = |year: &KeptYear| MemberView {
            id: year.person.id,
            team_id: year.person.team_id,
            first_name: year.person.first_name.clone(),
            last_name: year.person.last_name.clone(),
            assigned_at: None,
            game_platform_id: year.person.game_platform_id.clone(),
        };
        self.0.iter().map(member).collect()
    }
}

/// Returns what is kept of the competitors who are on a roster now, as its dashboard shows them.
///
/// # Errors
/// When the database fails.
pub(crate) async fn year_to_keep(
    db: &impl Sql,
    roster: RosterId,
    now: Timestamp,
) -> Result<Vec<KeptYear>, DbError> {
    let statuses: BTreeMap<Uuid, CompetitorStatus> = statuses(db, roster).await?;
    let (from, to) = (DateTime::UNIX_EPOCH, now + TimeDelta::days(36_500));
    let mut solves = BTreeMap::<Uuid, Vec<RecentSolve>>::new();
    for solve in recent_solves(db, roster, from, to, i64::MAX).await? {
        solves.entry(solve.competitor_id).or_default().push(solve);
    }
    let mut events = BTreeMap::<Uuid, Vec<KeptEvent>>::new();
    for event in events_of(db, roster).await? {
        events.entry(event.competitor_id).or_default().push(event);
    }
    let people = dashboard_people(db, roster).await?;
    let year = |person: DashboardPerson| KeptYear {
        status: statuses.get(&person.id).copied().unwrap_or(CompetitorStatus::Pending),
        solves: solves.remove(&person.id).unwrap_or_default(),
        events: events.remove(&person.id).unwrap_or_default(),
        person,
    };
    Ok(people.into_iter().map(year).collect())
}

async fn statuses(
    db: &impl Sql,
    roster: RosterId,
) -> Result<BTreeMap<Uuid, CompetitorStatus>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        status: CompetitorStatus,
    }
    let sql = "SELECT c.id, c.status FROM competitors c WHERE c.roster_id = $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [roster.into()])).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.status)).collect())
}

async fn events_of(db: &impl Sql, roster: RosterId) -> Result<Vec<KeptEvent>, DbError> {
    let sql = format!(
        "SELECT e.competitor_id, e.event_id, e.name, e.started_at, e.challenges_solved AS solves, \
         e.points_earned AS points, e.max_points_possible AS possible \
         FROM competitors c CROSS JOIN game_platform_flash_ctf_events e \
         WHERE c.roster_id = $1 AND {PRESENT} AND e.competitor_id = c.id AND e.vanished_at IS NULL ORDER BY e.id"
    );
    db.all(db.statement(&sql, [roster.into()])).await
}
