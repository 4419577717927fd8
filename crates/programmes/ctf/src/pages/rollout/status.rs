//! The present step of the rollout.

use chrono::TimeDelta;
use kernel::{Timestamp, counted};
use platform::{
    Context,
    db::DbError,
    flags::{self, KnownFlag, Outgoing as _, RecordedFlagChange, Setting},
};
use uuid::Uuid;

use crate::{
    gateway::{GamePlatformCalls, Platforms},
    reads,
    rules::rollout::{
        RolloutAdvice, RolloutFacts, RolloutFault, RolloutStep, StepChange, advise, began,
    },
};

/// The days that the figures of the page cover.
pub(super) const DAYS: TimeDelta = TimeDelta::days(7);

/// The number of changes of the flag among which the begin of the step is looked for.
const CHANGES: i64 = 200;

/// The rollout as its flag and the last 7 days show it.
pub(super) struct RolloutStatus {
    pub(super) setting: Setting,
    pub(super) facts: RolloutFacts,
    pub(super) began: Option<Timestamp>,
    pub(super) advice: RolloutAdvice,
}

pub(super) struct StepRow {
    pub(super) name: &'static str,
    pub(super) coaches: &'static str,
    pub(super) lasts: String,
    pub(super) state: (&'static str, &'static str),
}

impl RolloutStatus {
    /// Reads the flag, its recorded changes, and how the syncs went.
    pub(super) async fn read(context: &Context, platforms: &Platforms) -> Result<Self, DbError> {
        let (db, now) = (&context.db, context.now());
        let known = context.flags.known(db).await?.into_iter();
        let flag = known.into_iter().find(|it| it.flag == GamePlatformCalls::FLAG);
        let is_permitted = flag.as_ref().is_some_and(|flag| flag.is_permitted);
        let id = flag.as_ref().map(|flag: &KnownFlag| flag.id);
        let setting = flag.map(|flag| flag.setting).unwrap_or_default();
        let step = step(&setting);
        let began = began(step, &moves(context, id).await?);
        let health = reads::sync_health(db, now).await?;
        let facts = RolloutFacts {
            is_on: is_permitted && setting.enabled && platforms.is_configured(),
            step,
            hours: began.map(|at| (now - at).num_hours()),
            rate: reads::sync_rate(db, now - DAYS).await?,
            fault: RolloutFault::of(health.last_outcome, &health.last_full),
        };
        Ok(Self { setting, advice: advise(&facts), facts, began })
    }

    /// Returns the hours at the step in words, with those that it lasts at least.
    pub(super) fn hours(&self) -> String {
        let least = self.facts.step.hours();
        match (self.facts.hours, least) {
            (None, _) => "–".to_owned(),
            (Some(hours), 0) => counted(hours, "hour", "hours"),
            (Some(hours), least) => format!("{hours} of at least {least} hours"),
        }
    }

    pub(super) fn steps(&self) -> Vec<StepRow> {
        let row = |step: RolloutStep| StepRow {
            name: step.heading(),
            coaches: coaches(step),
            lasts: match step.hours() {
                0 => "–".to_owned(),
                hours @ ..=48 => counted(hours, "hour", "hours"),
                hours => counted(hours / 24, "day", "days"),
            },
            state: match step.cmp(&self.facts.step) {
                std::cmp::Ordering::Less => ("t-sable", "Over"),
                std::cmp::Ordering::Equal => ("t-azure", "Now"),
                std::cmp::Ordering::Greater => ("t-argent", "Later"),
            },
        };
        RolloutStep::ON.into_iter().map(row).collect()
    }
}

fn coaches(step: RolloutStep) -> &'static str {
    match step {
        RolloutStep::None | RolloutStep::Pilot => "Those whose logins are listed",
        RolloutStep::Tenth => "10 % of the coaches, and those who are listed",
        RolloutStep::Half => "50 % of the coaches, and those who are listed",
        RolloutStep::Everyone => "All coaches",
    }
}

fn step(setting: &Setting) -> RolloutStep {
    let listed = setting.people.len();
    RolloutStep::of(setting.enabled, setting.rollout_percent, listed)
}

/// Returns the recorded changes of the flag with a row, newest first.
async fn moves(context: &Context, flag: Option<Uuid>) -> Result<Vec<StepChange>, DbError> {
    let Some(id) = flag else {
        return Ok(Vec::new());
    };
    let changes = flags::changes(&context.db, id, CHANGES).await?;
    let change = |change: &RecordedFlagChange| StepChange {
        at: change.at,
        before: step(&change.before),
        after: step(&change.after),
    };
    Ok(changes.iter().map(change).collect())
}
