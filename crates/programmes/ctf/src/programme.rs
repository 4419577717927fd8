//! CTF teams as a programme: milestones earn badges that only competitors and their coaches see. It gives no points.

use futures_util::future::BoxFuture;
use identity::model::UserId;
use platform::{Context, db::DbError};
use recognition::{
    Facts, Programme,
    model::{
        Achievement, CanonicalPart, EntryDescription, EntryWithExplanation, FirstBadge, Metric,
        Mismatch, Rarity, Resettled, SettlementMode,
    },
    rules::badges::Criteria,
};

use crate::reads::{self, ReachedMilestone};

/// Declares a metric and a badge for each milestone: its code, the slug, the name and the rarity of the badge. Each milestone is
/// reached at most once.
macro_rules! milestones {
    ($($code:literal, $slug:literal, $name:literal, $rarity:ident;)+) => {
        const METRICS: &[&Metric] = &[$(&Metric {
            code: concat!("own_ctf_", $code),
            one: concat!("CTF milestone: ", $name),
            many: concat!("CTF milestones: ", $name),
        }),+];

        const FIRST_BADGES: &[FirstBadge] = &[$(FirstBadge {
            slug: concat!("ctf-", $slug),
            name: $name,
            description: concat!("A milestone in CTF competitions: ", $name, "."),
            metric: concat!("own_ctf_", $code),
            rarity: Rarity::$rarity,
        }),+];
    };
}

milestones! {
    "solves_1", "solves-1", "First solve", Common;
    "solves_10", "solves-10", "10 solves", Common;
    "solves_25", "solves-25", "25 solves", Common;
    "solves_50", "solves-50", "50 solves", Rare;
    "solves_100", "solves-100", "100 solves", Epic;
    "solves_200", "solves-200", "200 solves", Legendary;
    "points_1000", "points-1000", "1,000 points", Common;
    "points_5000", "points-5000", "5,000 points", Rare;
    "points_10000", "points-10000", "10,000 points", Epic;
    "first_flash", "first-flash", "First Flash CTF", Common;
    "first_hard", "first-hard", "First hard challenge", Rare;
    "all_domains", "all-domains", "All nine domains", Epic;
}

/// The programme whose milestones earn badges.
#[derive(Debug)]
pub struct CtfTeams;

impl Programme for CtfTeams {
    fn name(&self) -> &'static str {
        "ctf"
    }

    fn sources(&self) -> &'static [&'static str] {
        &[]
    }

    fn resettle<'a>(
        &'a self,
        _context: &'a Context,
        _mode: SettlementMode,
        _progress: &'a mut (dyn FnMut(usize) + Send),
    ) -> BoxFuture<'a, Result<Resettled, DbError>> {
        Box::pin(std::future::ready(Ok(Resettled::default())))
    }

    fn mismatches<'a>(
        &'a self,
        _context: &'a Context,
    ) -> BoxFuture<'a, Result<Vec<Mismatch>, DbError>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    fn dump<'a>(&'a self, _context: &'a Context) -> BoxFuture<'a, Result<CanonicalPart, DbError>> {
        Box::pin(std::future::ready(Ok(CanonicalPart::default())))
    }

    fn describe<'a>(
        &'a self,
        _context: &'a Context,
        entries: &'a [EntryWithExplanation],
    ) -> BoxFuture<'a, Result<Vec<EntryDescription>, DbError>> {
        let described = entries.iter().map(|it| EntryDescription::of_reason(&it.reason));
        Box::pin(std::future::ready(Ok(described.collect())))
    }

    fn metrics(&self) -> &'static [&'static Metric] {
        METRICS
    }

    fn first_badges(&self) -> &'static [FirstBadge] {
        FIRST_BADGES
    }

    fn achievements<'a>(
        &'a self,
        facts: Facts<'a>,
        people: &'a [UserId],
    ) -> BoxFuture<'a, Result<Vec<Achievement>, DbError>> {
        Box::pin(async move {
            let reached = match facts {
                Facts::Current(db) => reads::milestones_of_people(db, people).await,
                Facts::Within(tx) => reads::milestones_of_people(tx, people).await,
            };
            Ok(reached?.iter().filter_map(achievement).collect())
        })
    }
}

/// Returns true if a badge is earned with one of these milestones.
pub(crate) fn is_of(criteria: &Criteria, reached: &[ReachedMilestone]) -> bool {
    let Criteria::Metric { metric, .. } = criteria else {
        return false;
    };
    let code = metric.strip_prefix("own_ctf_");
    reached.iter().any(|it| code == Some(it.code.code().as_str()))
}

/// Returns a milestone as what counts toward its badge.
fn achievement(reached: &ReachedMilestone) -> Option<Achievement> {
    let code = reached.code.code();
    let is_own = |metric: &&&Metric| metric.code.strip_prefix("own_ctf_") == Some(code.as_str());
    let metric = METRICS.iter().find(is_own)?;
    Some(Achievement {
        user_id: reached.user_id.into(),
        metric: metric.code,
        at: reached.created_at,
        order: 0,
        amount: 1,
        rating: None,
        is_void: false,
    })
}
