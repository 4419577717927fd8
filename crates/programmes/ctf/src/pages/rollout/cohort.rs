//! The rosters and coaches for whom the game platform is on.

use std::collections::BTreeMap;

use kernel::Timestamp;
use platform::{
    Context,
    db::DbError,
    flags::{Outgoing as _, Setting},
};
use ui::{Who, format::Number};
use uuid::Uuid;

use crate::{
    gateway::GamePlatformCalls,
    reads::{self, CohortCoach, CohortRoster},
    rules::{
        rollout_cohort::{RosterCounts, distinct, is_in},
        rollout_goals::{REPORTED_FOR, is_active},
    },
};

/// The number of rosters in the list.
const ROWS: usize = 50;

pub(super) struct RosterRow {
    pub(super) id: Uuid,
    pub(super) name: String,
    /// Its coaches and assistants.
    pub(super) coaches: Vec<Who>,
    pub(super) competitors: Number,
    pub(super) on_platform: Number,
    pub(super) pending: Number,
}

/// The rosters that are in, with the numbers of their competitors and coaches.
pub(super) struct Cohort {
    pub(super) rosters: Vec<RosterRow>,
    pub(super) total: Number,
    pub(super) counts: RosterCounts,
    pub(super) coaches: i64,
    /// The coaches who opened a dashboard in the last 7 days.
    pub(super) active: i64,
    pub(super) ratings: Vec<i64>,
}

impl Cohort {
    /// Reads the rosters that are in by the percentage and the people of the flag, also while its row is off.
    pub(super) async fn read(context: &Context, setting: &Setting) -> Result<Self, DbError> {
        let (db, now) = (&context.db, context.now());
        let mut coaches = BTreeMap::<Uuid, Vec<CohortCoach>>::new();
        for coach in reads::cohort_coaches(db).await? {
            coaches.entry(coach.roster_id).or_default().push(coach);
        }
        let rosters = reads::cohort_rosters(db, now - REPORTED_FOR).await?;
        let found = rosters.into_iter().filter_map(|roster| {
            let coaches = coaches.remove(&roster.id).unwrap_or_default();
            let people: Vec<Uuid> = coaches.iter().map(|coach| coach.user_id).collect();
            is_in(GamePlatformCalls::FLAG.name, setting, &people).then_some((roster, coaches))
        });
        Ok(Self::of(&found.collect::<Vec<_>>(), now))
    }

    fn of(found: &[(CohortRoster, Vec<CohortCoach>)], now: Timestamp) -> Self {
        let coaches = found.iter().flat_map(|(_, coaches)| coaches);
        let coaches = distinct(coaches, |coach| coach.coach_id);
        let active = coaches.iter().filter(|it| is_active(it.last_seen_at, now));
        Self {
            rosters: found.iter().take(ROWS).map(row).collect(),
            total: Number(count(found.len())),
            counts: RosterCounts::sum(found.iter().map(|(roster, _)| roster.counts())),
            active: count(active.count()),
            ratings: coaches.iter().filter_map(|coach| coach.rating).collect(),
            coaches: count(coaches.len()),
        }
    }

    /// Returns whether the list has all rosters.
    pub(super) fn is_complete(&self) -> bool {
        count(self.rosters.len()) == self.total.0
    }
}

fn row((roster, coaches): &(CohortRoster, Vec<CohortCoach>)) -> RosterRow {
    let counts = roster.counts();
    RosterRow {
        id: roster.id,
        name: roster.name.clone(),
        coaches: coaches.iter().map(|coach| coach.who.clone()).collect(),
        competitors: Number(counts.competitors),
        on_platform: Number(counts.on_platform),
        pending: Number(counts.pending),
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
