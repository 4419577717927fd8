//! Stored facts about a competitor.

use std::collections::BTreeMap;

use chrono::{NaiveTime, TimeDelta};
use futures_util::future::{try_join, try_join5};
use kernel::Timestamp;
use platform::{Context, web::WebError};

use super::timeline::first_day;
use crate::{
    pages::integration,
    reads::{
        self, CompetitorView, DomainSums, EventResult, PlatformTotals, RoleSums, Since,
        StoredFigures,
    },
    rules::{
        domains::Domain,
        freshness::{Freshness, SyncFacts},
        strengths::{self, DomainFigures, TREND_DAYS, Trend},
    },
};

/// The number of Flash CTFs.
const EVENTS: i64 = 24;
/// The number of days that are compared with peers.
const COMPARED: u16 = 90;

/// A competitor with what the report card shows.
pub(super) struct Loaded {
    pub(super) competitor: CompetitorView,
    pub(super) now: Timestamp,
    pub(super) off: Option<String>,
    pub(super) platform: Option<PlatformTotals>,
    pub(super) sums: Vec<DomainSums>,
    /// The stored solves of all time by domain, the most points first.
    pub(super) domains: Vec<DomainFigures>,
    pub(super) events: Vec<EventResult>,
    pub(super) roles: Vec<RoleSums>,
    pub(super) days: Vec<(chrono::NaiveDate, i64)>,
    pub(super) peers: BTreeMap<String, StoredFigures>,
}

impl Loaded {
    /// Reads all parts of a report card except its list of solves.
    pub(super) async fn read(
        context: &Context,
        competitor: CompetitorView,
    ) -> Result<Self, WebError> {
        let (db, id, now) = (&context.db, competitor.key(), context.now());
        let trend = TimeDelta::days(TREND_DAYS.into());
        let since = Since {
            quarter: now - TimeDelta::days(COMPARED.into()),
            before: now - trend * 2,
            recent: now - trend,
        };
        let first = first_day(now.date_naive())
            .and_time(NaiveTime::MIN)
            .and_utc();
        let off = integration::off_for(context, competitor.roster()).await?;
        let (platform, sums, days, events, roles) = try_join5(
            reads::platform_totals(db, id),
            reads::domain_sums(db, id, since),
            reads::solve_days(db, id, first),
            reads::events(db, id, EVENTS),
            reads::role_sums(db, id),
        )
        .await?;
        let division = platform.as_ref().and_then(|it| it.division.as_deref());
        let peers = match division {
            Some(division) => reads::division_figures(db, division, COMPARED).await?,
            None => BTreeMap::new(),
        };
        Ok(Self {
            competitor,
            now,
            off,
            domains: by_domain(&sums),
            platform,
            sums,
            events,
            roles,
            days,
            peers,
        })
    }

    /// Returns the stored division.
    pub(super) fn division(&self) -> Option<&str> {
        self.platform.as_ref()?.division.as_deref()
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

    /// Returns the age of what is stored.
    pub(super) fn freshness(&self) -> Freshness {
        let stored = self.platform.as_ref();
        let has_failed = stored.is_some_and(|it| it.last_result.as_deref() == Some("failure"));
        let attempted_at = stored.and_then(|it| it.attempted_at);
        let of = |read: fn(&PlatformTotals) -> Option<Timestamp>| stored.and_then(read);
        let facts = SyncFacts {
            is_on_platform: self.competitor.is_on_platform(),
            synced_at: attempted_at
                .filter(|_| !has_failed)
                .max(of(|it| it.solves_at))
                .max(of(|it| it.totals_at)),
            attempted_at,
            has_failed,
        };
        Freshness::of(&facts, self.off.is_none(), self.now)
    }

    /// Returns the number of solves and the points of an origin.
    pub(super) fn of_source(&self, source: &str) -> (i64, i64) {
        let of_source = || self.sums.iter().filter(|sum| sum.source == source);
        let solves = of_source().map(|sum| sum.solves).sum();
        (solves, of_source().map(|sum| sum.points).sum())
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
    filter: &reads::SolveFilter,
    part: (i64, i64),
) -> Result<(i64, Vec<reads::SolveView>), WebError> {
    let id = competitor.key();
    let found = try_join(
        reads::solve_count(&context.db, id, filter),
        reads::solves(&context.db, id, filter, part),
    );
    Ok(found.await?)
}
