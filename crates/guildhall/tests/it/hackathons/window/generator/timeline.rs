//! When people work and push.

use chrono::TimeDelta;
use kernel::Timestamp;
use testkit::rng::Rng;

use super::{Window, steps::Step};

/// The habits of pushing.
#[derive(Clone, Copy)]
pub(super) enum Habit {
    /// After one to three commits.
    AsTheyGo,
    TwiceADay,
    /// Three times in all.
    Thrice,
}

/// Returns a random instant from `from` to `until`, in whole seconds.
pub(super) fn instant(rng: &mut Rng, from: Timestamp, until: Timestamp) -> Timestamp {
    let span = (until - from).num_seconds().max(0);
    from + TimeDelta::seconds(rng.between(0, span))
}

/// Sets the times of steps to sessions of work in a window.
pub(super) fn spread(rng: &mut Rng, steps: &mut [Step], window: Window) {
    let Window { opens, closes } = window;
    let until = closes - TimeDelta::minutes(12).min((closes - opens) / 4);
    let count = 4 + rng.index(6);
    let works_at_night = rng.chance(25);
    let mut sessions: Vec<Timestamp> = (0..count).map(|_| instant(rng, opens, until)).collect();
    if rng.chance(50) {
        // They begin at once.
        sessions[0] = opens;
    }
    if works_at_night {
        for start in &mut sessions {
            let into_day = TimeDelta::seconds(start.timestamp().rem_euclid(86_400));
            *start = *start - into_day + TimeDelta::hours(22);
        }
    }
    let mut times: Vec<Timestamp> = Vec::new();
    for _ in 0..steps.len() {
        let start = *rng.pick(&sessions);
        let at = start + TimeDelta::seconds(rng.between(0, 4 * 3_600));
        times.push(if (opens..=until).contains(&at) { at } else { instant(rng, opens, until) });
    }
    times.sort_unstable();
    let rushes = rng.chance(30);
    if let Some(last) = times.last_mut().filter(|_| rushes) {
        *last = instant(rng, until, closes - TimeDelta::seconds(40)).max(*last);
    }
    for (step, at) in steps.iter_mut().zip(times) {
        step.at = at;
    }
}

/// Divides steps into pushes.
pub(super) fn grouped(rng: &mut Rng, steps: Vec<Step>, habit: Habit) -> Vec<Vec<Step>> {
    let third = steps.len().div_ceil(3).max(1);
    let mut groups: Vec<Vec<Step>> = Vec::new();
    let mut left = 0;
    for (number, step) in steps.into_iter().enumerate() {
        let last = groups.last().and_then(|group| group.last());
        let begins = match habit {
            Habit::AsTheyGo => {
                let pause = TimeDelta::hours(5);
                left == 0 || last.is_some_and(|last| step.at - last.at > pause)
            }
            Habit::TwiceADay => last.is_none_or(|last| half_day(last.at) != half_day(step.at)),
            Habit::Thrice => number % third == 0,
        };
        if begins {
            left = 1 + rng.index(3);
            groups.push(Vec::new());
        }
        left = left.saturating_sub(1);
        if let Some(group) = groups.last_mut() {
            group.push(step);
        }
    }
    groups
}

fn half_day(at: Timestamp) -> i64 {
    at.timestamp().div_euclid(43_200)
}

/// Picks a habit.
pub(super) fn habit(rng: &mut Rng) -> Habit {
    match rng.below(10) {
        0..6 => Habit::AsTheyGo,
        6..8 => Habit::TwiceADay,
        _ => Habit::Thrice,
    }
}
