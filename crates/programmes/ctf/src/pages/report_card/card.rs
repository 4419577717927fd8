//! Stored facts about a competitor.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use futures_util::future::{try_join, try_join5};
use kernel::Timestamp;
use platform::{Context, web::WebError};

use super::{
    solves::{ROWS, SolveQuery},
    timeline::first_day,
};
use crate::{
    actions,
    gateway::Platforms,
    model::{Division, SolveSource, SyncResult},
    pages::integration,
    reads::{
        self, CompetitorView, CountedSince, DomainSums, EventResult, PlatformTotals, RoleSums,
        RosterView, StoredFigures,
    },
    rules::{
        domains::Domain,
        freshness::{Freshness, PlatformGap, SyncFacts},
        milestones::{Milestone, reached},
        plan::PlannedPerson,
        range::{DayRange, day_of, flash_of_month, start},
        strengths::{self, DomainFigures, TREND_DAYS, Trend},
    },
};

/// The number of Flash CTFs.
const EVENTS: i64 = 24;
/// The number of days that are compared with peers.
const COMPARED: u16 = 90;

/// A competitor with what the report card shows.
pub(super) struct LoadedCard {
    pub(super) competitor: CompetitorView,
    is_archived: bool,
    /// The milestones that the stored solves reach.
    pub(super) milestones: Vec<Milestone>,
    pub(super) now: Timestamp,
    pub(super) off: Option<String>,
    pub(super) platform: Option<PlatformTotals>,
    pub(super) sums: Vec<DomainSums>,
    /// The stored solves of all time by domain, the most points first.
    pub(super) domains: Vec<DomainFigures>,
    pub(super) events: Vec<EventResult>,
    pub(super) roles: Vec<RoleSums>,
    /// The present day where the roster is.
    pub(super) today: NaiveDate,
    /// The points of each solve of the timeline, with the day where the roster is.
    pub(super) days: Vec<(NaiveDate, i64)>,
    pub(super) peers: BTreeMap<String, StoredFigures>,
    /// When the open report of a wrong number was made.
    pub(super) reported_at: Option<Timestamp>,
}

impl LoadedCard {
    /// Reads all parts of a report card except its list of solves.
    pub(super) async fn read(
        context: &Context,
        platforms: &Platforms,
        competitor: CompetitorView,
        roster: &RosterView,
    ) -> Result<Self, WebError> {
        let (db, id, now) = (&context.db, competitor.key(), context.now());
        let (zone, today) = (roster.zone(), roster.day_of(now));
        let first = start(first_day(today), zone);
        let off = integration::off_for(context, platforms, competitor.roster()).await?;
        let (platform, sums, solves, events, roles) = try_join5(
            reads::platform_totals(db, id),
            reads::domain_sums(db, id, since(today, zone)),
            reads::solve_points(db, id, first),
            reads::events(db, id, EVENTS),
            reads::role_sums(db, id),
        )
        .await?;
        let division = platform.as_ref().and_then(|it| it.division.map(Division::as_str));
        let peers = match division {
            Some(division) => reads::division_figures(db, division, COMPARED).await?,
            None => BTreeMap::new(),
        };
        let reported = reads::open_discrepancy(db, id).await?;
        let milestones = reached(&reads::milestone_facts(db, id).await?);
        Ok(Self {
            is_archived: roster.is_archived(),
            competitor,
            milestones,
            now,
            off,
            domains: by_domain(&sums),
            platform,
            sums,
            events,
            roles,
            today,
            days: solves.into_iter().map(|(at, points)| (day_of(at, zone), points)).collect(),
            peers,
            reported_at: reported.map(|report| report.created_at),
        })
    }

    /// Returns the code of the division.
    pub(super) fn division(&self) -> Option<&'static str> {
        self.platform.as_ref()?.division.map(Division::as_str)
    }

    /// Returns the solves and points of the last 90 days.
    pub(super) fn quarter(&self) -> (i64, i64) {
        let solves = self.sums.iter().map(|sum| sum.solves_90).sum();
        (solves, self.sums.iter().map(|sum| sum.points_90).sum())
    }

    /// Returns the points of the last 90 days by domain.
    pub(super) fn points_of_quarter(&self) -> BTreeMap<String, i64> {
        let mut points = BTreeMap::<String, i64>::new();
        for sum in &self.sums {
            *points.entry(sum.domain.clone()).or_default() += sum.points_90;
        }
        points
    }

    pub(super) fn trend(&self) -> Trend {
        Trend {
            recent: self.sums.iter().map(|sum| sum.recent).sum(),
            before: self.sums.iter().map(|sum| sum.before).sum(),
        }
    }

    pub(super) fn strengths(&self) -> Vec<&DomainFigures> {
        strengths::strengths(&self.domains)
    }

    pub(super) fn growth_areas(&self) -> Vec<(&'static str, i64)> {
        strengths::growth_areas(&self.domains, Domain::ALL.map(Domain::as_str))
    }

    /// Returns whether a wrong number can be reported.
    pub(super) fn can_report(&self) -> bool {
        let view = &self.competitor;
        let is_present = view.left_at.is_none() && view.erased_at.is_none();
        view.is_on_platform() && is_present && !self.is_archived
    }

    /// Returns the age of what is stored.
    pub(super) fn freshness(&self) -> Freshness {
        let stored = self.platform.as_ref();
        let has_failed = stored.is_some_and(|it| it.last_result == Some(SyncResult::Failure));
        let has_result = stored.is_some_and(|it| it.last_result.is_some());
        let has_error = stored.is_some_and(|it| it.error_message.is_some());
        let attempted_at = stored.and_then(|it| it.attempted_at);
        let of = |read: fn(&PlatformTotals) -> Option<Timestamp>| stored.and_then(read);
        let facts = SyncFacts {
            is_on_platform: self.competitor.is_on_platform(),
            synced_at: attempted_at
                .filter(|_| has_result && !has_failed)
                .max(of(|it| it.solves_at))
                .max(of(|it| it.totals_at)),
            attempted_at,
            has_failed,
            is_unknown: !has_result && has_error,
            gap: self.gap(),
        };
        Freshness::of(&facts, self.off.is_none(), self.now)
    }

    /// Returns what keeps the competitor off the platform.
    fn gap(&self) -> PlatformGap {
        let view = &self.competitor;
        let person = PlannedPerson { is_archived: self.is_archived, ..actions::person(view) };
        let has_email = view.profile().email().is_some();
        PlatformGap::of(&person, has_email, view.game_platform_sync_error.is_some())
    }

    /// Returns the number of Flash CTF solves of this month, as far as they are stored.
    pub(super) fn flash_of_month(&self) -> i64 {
        let stored = self.platform.as_ref();
        let number = stored.and_then(|it| it.monthly_ctf_challenges);
        flash_of_month(number, stored.and_then(|it| it.counted_at), self.now)
    }

    /// Returns the number of solves and the points that on-demand learning counts: those in events that it lists too are among
    /// them.
    pub(super) fn counted_on_demand(&self) -> (i64, i64) {
        let (solves, points) = self.of_source(SolveSource::Odl);
        let in_both: i64 = self.sums.iter().map(|sum| sum.in_both).sum();
        let points_in_both: i64 = self.sums.iter().map(|sum| sum.points_in_both).sum();
        (solves + in_both, points + points_in_both)
    }

    /// Returns the number of solves and the points of an origin.
    pub(super) fn of_source(&self, source: SolveSource) -> (i64, i64) {
        let of_source = || self.sums.iter().filter(|sum| sum.source == source);
        let solves = of_source().map(|sum| sum.solves).sum();
        (solves, of_source().map(|sum| sum.points).sum())
    }
}

/// Returns where the parts of the solves begin, in days of the roster as on its dashboard.
fn since(today: NaiveDate, zone: Tz) -> CountedSince {
    let recent = DayRange::latest(TREND_DAYS, today);
    CountedSince {
        quarter: DayRange::latest(COMPARED, today).instants(zone).start,
        before: recent.previous().instants(zone).start,
        recent: recent.instants(zone).start,
    }
}

/// Adds up the origins of each domain, the most points first.
fn by_domain(sums: &[DomainSums]) -> Vec<DomainFigures> {
    let mut domains = BTreeMap::<&str, DomainFigures>::new();
    for sum in sums {
        let domain = domains.entry(&sum.domain).or_default();
        domain.domain.clone_from(&sum.domain);
        domain.solves += sum.solves;
        domain.points += sum.points;
    }
    let mut domains: Vec<_> = domains.into_values().collect();
    domains.sort_by_key(|domain| std::cmp::Reverse((domain.points, domain.solves)));
    domains
}

/// Counts the solves that a list shows, and reads a page of them.
pub(super) async fn solves(
    context: &Context,
    competitor: &CompetitorView,
    query: &SolveQuery,
) -> Result<(i64, Vec<reads::SolveView>), WebError> {
    let (id, filter) = (competitor.key(), query.filter());
    let found = try_join(
        reads::solve_count(&context.db, id, &filter),
        reads::solves(&context.db, id, &filter, query.skipped(), ROWS),
    );
    Ok(found.await?)
}
