//! The competitors of a dashboard: what is stored about each in a range, filtered and in order.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    ops::Range,
    sync::Arc,
};

use futures_util::future::try_join;
use kernel::Timestamp;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{csv::Cell, format::segment};
use uuid::Uuid;

use super::alerts::Alert;
use crate::{
    gateway::Platforms,
    model::Division,
    pages::integration,
    reads::{
        self, ArchivedYear, DashboardPerson, DomainTotals, KeptFigures, PersonFigures, RosterView,
        SyncProgress,
    },
    rules::{
        freshness::Freshness,
        range::{DayRange, zone},
        support::SupportFacts,
    },
};

/// The page that has all competitors.
pub(super) const ALL: &str = "all";

/// The part of a dashboard that a URL selects.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MemberQuery {
    days: String,
    from: String,
    to: String,
    pub(super) team: String,
    pub(super) grade: String,
    /// The stored ID of a Flash CTF.
    pub(super) event: String,
    pub(super) alert: String,
    sort: String,
    page: String,
}

impl MemberQuery {
    /// Returns the order of the table.
    pub(super) fn sort(&self) -> Sort {
        Sort::named(&self.sort)
    }

    /// Returns the filters and the order as query parameters.
    pub(super) fn filters(&self) -> String {
        self.with(&self.sort)
    }

    /// Returns the filters as query parameters, with another order.
    pub(super) fn sorted_by(&self, sort: Sort) -> String {
        self.with(sort.as_str())
    }

    fn with(&self, sort: &str) -> String {
        ui::format::asked([
            ("team", self.team.as_str()),
            ("grade", self.grade.as_str()),
            ("event", self.event.as_str()),
            ("alert", self.alert.as_str()),
            ("sort", sort),
        ])
    }

    /// Returns the number of the table's page, from 1; `None` for all of it, such as to print it.
    pub(super) fn page(&self) -> Option<usize> {
        let page = self.page.trim();
        (page != ALL).then(|| page.parse().unwrap_or(1).max(1))
    }

    /// Returns the filters, the order and a page of the table as query parameters.
    pub(super) fn at_page(&self, page: impl Display) -> String {
        format!("{}&page={page}", self.filters())
    }

    /// Returns whether the table shows only some competitors.
    pub(super) fn is_filtered(&self) -> bool {
        let filters = [&self.team, &self.grade, &self.event, &self.alert];
        !filters.iter().all(|filter| filter.is_empty())
    }

    fn holds(&self, member: &Member, now: Timestamp) -> bool {
        let person = &member.person;
        let team = person.team_id.map(|id| id.to_string());
        let team = match self.team.as_str() {
            "" => true,
            "none" => team.is_none(),
            wanted => team.as_deref() == Some(wanted),
        };
        let grade = person.grade.map(|grade| grade.to_string());
        let grade = self.grade.is_empty() || grade.as_deref() == Some(self.grade.trim());
        let alert = Alert::named(&self.alert).is_none_or(|alert| alert.holds(member, now));
        team && grade && alert
    }
}

/// The order of the roster's table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sort {
    #[default]
    Name,
    /// By team, then by name.
    Team,
    /// The most points first.
    Points,
    /// The most solves first.
    Solves,
    /// The longest without activity first.
    Activity,
    /// The oldest sync first.
    Synced,
}

impl Sort {
    /// All values, in the order of the columns.
    pub(super) const ALL: [Self; 6] =
        [Self::Name, Self::Team, Self::Points, Self::Solves, Self::Activity, Self::Synced];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Team => "team",
            Self::Points => "points",
            Self::Solves => "solves",
            Self::Activity => "activity",
            Self::Synced => "synced",
        }
    }

    pub(super) const fn heading(self) -> &'static str {
        match self {
            Self::Name => "Competitor",
            Self::Team => "Team",
            Self::Points => "Points",
            Self::Solves => "Solves",
            Self::Activity => "Last activity",
            Self::Synced => "Last sync",
        }
    }

    /// Returns the classes of the column.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Name => "fill",
            Self::Team => "wide c-s",
            Self::Points => "n",
            Self::Solves => "n wide",
            Self::Activity | Self::Synced => "wide",
        }
    }

    /// Returns the direction as `aria-sort` names it.
    pub(super) const fn direction(self) -> &'static str {
        match self {
            Self::Points | Self::Solves => "descending",
            _ => "ascending",
        }
    }

    fn named(text: &str) -> Self {
        let found = Self::ALL.into_iter().find(|sort| sort.as_str() == text);
        found.unwrap_or_default()
    }

    /// Sorts competitors that are in the order of their names.
    fn apply(self, members: &mut [&Member]) {
        match self {
            Self::Name => {}
            Self::Team => members.sort_by_cached_key(|it| {
                let team = it.person.team.as_deref();
                (team.is_none(), team.map(str::to_lowercase))
            }),
            Self::Points => members.sort_by_key(|it| Reverse((it.total.points, it.total.solves))),
            Self::Solves => members.sort_by_key(|it| Reverse((it.total.solves, it.total.points))),
            Self::Activity => members.sort_by_key(|it| it.facts.last_activity),
            Self::Synced => members.sort_by_key(|it| it.freshness.synced_at()),
        }
    }
}

/// A competitor of the roster.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) person: DashboardPerson,
    pub(super) name: String,
    pub(super) total: DomainTotals,
    pub(super) freshness: Freshness,
    pub(super) facts: SupportFacts,
}

impl Member {
    fn of(person: DashboardPerson, total: DomainTotals, is_on: bool, now: Timestamp) -> Self {
        Self {
            name: person.name(),
            freshness: Freshness::of(&person.sync(), is_on, now),
            facts: person.support(total.solves, total.last),
            total,
            person,
        }
    }

    /// Returns whether they are asked for: an erased competitor is not.
    pub(super) fn is_known(&self) -> bool {
        self.person.erased_at.is_none()
    }

    /// Returns the path of the report card.
    pub(super) fn address(&self) -> String {
        format!("/ctf/competitors/{}", self.person.id)
    }

    /// Returns the cells of the row in the CSV.
    pub(super) fn cells(&self, now: Timestamp) -> [Cell; 11] {
        let grade = self.person.grade.map(|grade| grade.to_string());
        [
            self.name.clone().into(),
            self.person.team.clone().unwrap_or_default().into(),
            grade.unwrap_or_default().into(),
            self.total.points.into(),
            self.total.solves.into(),
            self.total.flash.into(),
            self.person.flash_of_month(now).into(),
            self.facts.last_activity.into(),
            self.freshness.words(now).into(),
            self.freshness.synced_at().into(),
            self.person.username.clone().unwrap_or_default().into(),
        ]
    }
}

/// The columns of the CSV.
pub(super) const HEAD: [&str; 11] = [
    "competitor",
    "team",
    "grade",
    "points",
    "solves",
    "flash_ctf_solves",
    "flash_ctf_solves_this_month",
    "last_activity",
    "freshness",
    "synced_at",
    "username",
];

/// The database, the game platform, and kept figures.
pub(super) type Sources<'a> = (&'a Context, &'a Platforms, &'a KeptFigures);

/// The roster and its solves in a range.
#[derive(Debug)]
pub(super) struct LoadedRoster {
    pub(super) range: DayRange,
    pub(super) instants: Range<Timestamp>,
    /// The instant at which the roster is shown: that of its end once it is archived.
    pub(super) now: Timestamp,
    /// The record of the roster once it is archived.
    pub(super) archive: Option<ArchivedYear>,
    /// Why the integration is off for the roster, if it is.
    pub(super) off: Option<String>,
    /// The competitors by name.
    pub(super) members: Vec<Member>,
    pub(super) figures: BTreeMap<Uuid, Arc<PersonFigures>>,
    /// The competitors in the Flash CTF by which the table is filtered.
    entrants: Option<BTreeSet<Uuid>>,
    /// The progress of the sync of the roster that is running.
    pub(super) progress: Option<SyncProgress>,
}

impl LoadedRoster {
    /// Reads the competitors of a roster and their solves in the range that a URL asks for.
    pub(super) async fn read(
        (context, platforms, kept): Sources<'_>,
        roster: &RosterView,
        query: &MemberQuery,
    ) -> Result<Self, WebError> {
        let now = roster.archived_at.unwrap_or_else(|| context.now());
        let zone = zone(&roster.timezone);
        let today = now.with_timezone(&zone).date_naive();
        let range = DayRange::read(&query.days, &query.from, &query.to, today)?;
        let instants = range.instants(zone);
        if let Some(archive) = reads::archived_year(&context.db, roster).await? {
            return Ok(Self::archived(archive, range, instants, now, query));
        }
        let off = integration::off_for(context, platforms, roster.key()).await?;
        let (people, progress) = try_join(
            reads::dashboard_people(&context.db, roster.key()),
            reads::sync_progress(&context.db, roster.key()),
        )
        .await?;
        let revisions: Vec<_> = people.iter().map(DashboardPerson::revision).collect();
        let figures = kept.of_people(&context.db, roster.key(), &revisions, &instants).await?;
        let entrants = match query.event.as_str() {
            "" => None,
            event => Some(reads::entrants(&context.db, roster.key(), event).await?),
        };
        Ok(Self {
            members: members(people, &figures, off.is_none(), now),
            range,
            instants,
            now,
            archive: None,
            off,
            figures,
            entrants,
            progress,
        })
    }

    /// Shows what is kept of an archived roster, which depends on nothing that happened later.
    fn archived(
        archive: ArchivedYear,
        range: DayRange,
        instants: Range<Timestamp>,
        now: Timestamp,
        query: &MemberQuery,
    ) -> Self {
        let figures = archive.figures(&instants);
        let event = Some(&query.event).filter(|event| !event.is_empty());
        Self {
            members: members(archive.people(), &figures, true, now),
            range,
            instants,
            now,
            off: None,
            figures,
            entrants: event.map(|event| archive.entrants(event)),
            progress: None,
            archive: Some(archive),
        }
    }

    /// Returns the competitors that the table shows, in its order.
    pub(super) fn shown(&self, query: &MemberQuery) -> Vec<&Member> {
        let took_part = |member: &Member| {
            let entrants = self.entrants.as_ref();
            entrants.is_none_or(|entrants| entrants.contains(&member.person.id))
        };
        let holds = |member: &&Member| query.holds(member, self.now) && took_part(member);
        let mut members: Vec<_> = self.members.iter().filter(holds).collect();
        query.sort().apply(&mut members);
        members
    }

    /// Adds up the competitors.
    pub(super) fn total<'a>(members: impl IntoIterator<Item = &'a Member>) -> DomainTotals {
        let mut total = DomainTotals::default();
        for member in members {
            total.add(&member.total);
        }
        total
    }

    /// Returns the division of most competitors.
    pub(super) fn division(&self) -> Option<String> {
        let mut counts = BTreeMap::<&str, usize>::new();
        for member in &self.members {
            if let Some(division) = member.person.division.map(Division::as_str) {
                *counts.entry(division).or_default() += 1;
            }
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count)?;
        Some(most.0.to_owned())
    }

    /// Returns the path of the dashboard with its range.
    pub(super) fn address(&self, roster: &RosterView) -> String {
        format!("{}?{}", roster.address(), self.range.query())
    }
}

fn members(
    people: Vec<DashboardPerson>,
    figures: &BTreeMap<Uuid, Arc<PersonFigures>>,
    is_on: bool,
    now: Timestamp,
) -> Vec<Member> {
    let member = |person: DashboardPerson| {
        let total = figures.get(&person.id).map(|figures| figures.total());
        Member::of(person, total.unwrap_or_default(), is_on, now)
    };
    people.into_iter().map(member).collect()
}

/// Returns the value and the name of each team, by name.
pub(super) fn teams(members: &[Member]) -> Vec<(String, String)> {
    let pair = |member: &Member| {
        let person = &member.person;
        Some((person.team.clone()?, segment(&person.team_id?.to_string())))
    };
    let teams: BTreeSet<_> = members.iter().filter_map(pair).collect();
    teams.into_iter().map(|(name, id)| (id, name)).collect()
}

/// Returns the grades, lowest first.
pub(super) fn grades(members: &[Member]) -> Vec<String> {
    let grades = members.iter().filter_map(|member| member.person.grade);
    let grades: BTreeSet<i64> = grades.collect();
    grades.into_iter().map(|grade| grade.to_string()).collect()
}
