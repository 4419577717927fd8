use super::RolloutStep;
use crate::rules::runs::{RunOutcome, have_three_failed};

/// The share of competitors, in percent, of whom more must have succeeded before the rollout is raised.
pub const READY: i64 = 95;

/// The share, in percent, below which the rollout is to be rolled back.
pub const COLLAPSED: i64 = 80;

/// The number of competitors from which on a low share is a reason to roll back.
pub const FEWEST: i64 = 5;

/// The competitors who were asked for in 7 days, and those of them whose last sync succeeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SuccessRate {
    /// The number of all.
    pub asked: i64,
    /// The number of those whose last sync succeeded.
    pub succeeded: i64,
}

impl SuccessRate {
    /// Returns whether more succeeded than the next step needs.
    #[must_use]
    pub const fn is_ready(self) -> bool {
        self.asked > 0 && self.succeeded * 100 > self.asked * READY
    }

    /// Returns whether so few succeeded that the rollout is to be rolled back.
    #[must_use]
    pub const fn has_collapsed(self) -> bool {
        self.asked >= FEWEST && self.succeeded * 100 < self.asked * COLLAPSED
    }

    /// Returns the share with one decimal, rounded down, such as "95.4 %"; "–" if no one was asked for.
    #[must_use]
    pub fn words(self) -> String {
        if self.asked <= 0 {
            return "–".to_owned();
        }
        let tenths = self.succeeded * 1_000 / self.asked;
        match tenths % 10 {
            0 => format!("{} %", tenths / 10),
            rest => format!("{}.{rest} %", tenths / 10),
        }
    }
}

/// A fault because of which the rollout is not raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RolloutFault {
    /// The platform rejected the token in the last run.
    Rejected,
    /// The last three full runs failed.
    ThreeFailed,
}

impl RolloutFault {
    /// Returns the fault that the outcomes of the last runs show: of the last one that shows whether the platform accepts
    /// the token, and of the last full ones, the latest first.
    #[must_use]
    pub fn of(last: Option<RunOutcome>, last_full: &[RunOutcome]) -> Option<Self> {
        if last == Some(RunOutcome::Rejected) {
            return Some(Self::Rejected);
        }
        have_three_failed(last_full).then_some(Self::ThreeFailed)
    }
}

/// Facts that decide about the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RolloutFacts {
    /// True if a platform is configured, and the variable and the row of the flag are on.
    pub is_on: bool,
    pub step: RolloutStep,
    /// The whole hours since it began, if that is known.
    pub hours: Option<i64>,
    /// The success of the last 7 days.
    pub rate: SuccessRate,
    pub fault: Option<RolloutFault>,
}

impl RolloutFacts {
    /// Returns the hours that the step has yet to last; `None` if its begin is not known.
    #[must_use]
    pub fn remaining(&self) -> Option<i64> {
        let hours = self.hours?.max(0);
        Some((self.step.hours() - hours).max(0))
    }
}

/// A reason not to raise the rollout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldReason {
    Fault(RolloutFault),
    /// Too few succeeded.
    Rate(SuccessRate),
    /// The begin of the step is not known.
    UnknownBegin,
    /// No competitor was asked for in 7 days.
    NoneAsked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RolloutAdvice {
    TurnOn,
    /// List the coaches of the pilot.
    Begin,
    Raise(RolloutStep),
    /// Wait a number of hours.
    Wait(i64),
    /// Do not raise the rollout.
    Hold(HoldReason),
    RollBack(RolloutStep, SuccessRate),
    /// It is on for everyone, but a fault persists.
    Fix(RolloutFault),
    Done,
}

/// Returns the suggestion. A low success rate counts first, then a fault, then what is missing for the next step.
#[must_use]
pub fn advise(facts: &RolloutFacts) -> RolloutAdvice {
    if !facts.is_on {
        return RolloutAdvice::TurnOn;
    }
    if facts.step == RolloutStep::None {
        return RolloutAdvice::Begin;
    }
    if facts.rate.has_collapsed() {
        return RolloutAdvice::RollBack(facts.step.previous(), facts.rate);
    }
    let Some(next) = facts.step.next() else {
        return facts.fault.map_or(RolloutAdvice::Done, RolloutAdvice::Fix);
    };
    if let Some(reason) = reason(facts) {
        return RolloutAdvice::Hold(reason);
    }
    match facts.remaining() {
        Some(hours @ 1..) => RolloutAdvice::Wait(hours),
        _ if facts.rate.asked == 0 => RolloutAdvice::Hold(HoldReason::NoneAsked),
        _ => RolloutAdvice::Raise(next),
    }
}

/// Returns the reason not to raise the rollout, apart from the time.
fn reason(facts: &RolloutFacts) -> Option<HoldReason> {
    if let Some(fault) = facts.fault {
        return Some(HoldReason::Fault(fault));
    }
    if facts.rate.asked > 0 && !facts.rate.is_ready() {
        return Some(HoldReason::Rate(facts.rate));
    }
    facts.hours.is_none().then_some(HoldReason::UnknownBegin)
}
