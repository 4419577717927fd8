//! Which failures of what repeats itself are logged.

use std::{
    collections::HashMap,
    fmt::Display,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The first pause between two lines about the same failure, which doubles with each.
const FIRST: Duration = Duration::from_mins(1);
/// The longest pause.
const LONGEST: Duration = Duration::from_hours(1);
/// The most failures that one place is known by. More are forgotten together.
const MOST: usize = 16;

static SEEN: LazyLock<Mutex<HashMap<&'static str, Repeats>>> = LazyLock::new(Mutex::default);

fn seen() -> MutexGuard<'static, HashMap<&'static str, Repeats>> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns how often a failure occurred since its last line in the log, this time included, if it is logged now: at once if it is new to
/// the place, and then with pauses that grow from a minute to an hour. `place` is what repeats itself, such as a loop or the answers to
/// requests.
pub fn news(place: &'static str, failure: &impl Display) -> Option<u64> {
    seen().entry(place).or_default().of(&failure.to_string(), Instant::now())
}

/// Notes that a place works. Logs it if the log has a failure of the place since it worked last.
pub fn works(place: &'static str) {
    if seen().get_mut(place).is_some_and(Repeats::end) {
        tracing::info!(place, "works again");
    }
}

/// The failures of one place.
#[derive(Debug, Default)]
struct Repeats {
    /// By their text without its numbers.
    lines: HashMap<String, Line>,
    /// True if one was logged since the place worked last.
    is_logged: bool,
}

#[derive(Debug)]
struct Line {
    logged: Instant,
    /// The time until the next line.
    pause: Duration,
    /// The failures since the last line.
    unlogged: u64,
}

impl Repeats {
    fn of(&mut self, failure: &str, now: Instant) -> Option<u64> {
        let key: String = failure.chars().filter(|c| !c.is_ascii_digit()).collect();
        if self.lines.len() >= MOST && !self.lines.contains_key(&key) {
            self.lines.clear();
        }
        let Some(line) = self.lines.get_mut(&key) else {
            self.lines.insert(key, Line { logged: now, pause: FIRST, unlogged: 0 });
            self.is_logged = true;
            return Some(1);
        };
        line.unlogged += 1;
        let since = now - line.logged;
        if since < line.pause {
            return None;
        }
        // A failure that stayed away for long is new.
        let is_back = since >= line.pause + LONGEST;
        line.pause = if is_back { FIRST } else { (line.pause * 2).min(LONGEST) };
        line.logged = now;
        self.is_logged = true;
        Some(std::mem::take(&mut line.unlogged))
    }

    /// Ends the failures, which are new when they return, except within the first pause: what comes and goes is not logged each time.
    /// Returns true if one was logged.
    fn end(&mut self) -> bool {
        let was_logged = std::mem::take(&mut self.is_logged);
        if was_logged {
            self.lines.values_mut().for_each(|line| line.pause = FIRST);
        }
        was_logged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_that_repeats_is_logged_with_growing_pauses() {
        let (mut repeats, began) = (Repeats::default(), Instant::now());
        let mut lines = Vec::new();
        for second in 0..7_200 {
            let now = began + Duration::from_secs(second);
            if let Some(times) = repeats.of(&format!("row {second}: the disk is full"), now) {
                lines.push((second / 60, times));
            }
        }
        let expected = [(0, 1), (1, 60), (3, 120), (7, 240), (15, 480), (31, 960), (63, 1_920)];
        assert_eq!(lines, expected);
        let later = began + Duration::from_secs(7_200);
        assert_eq!(repeats.of("the database is away", later), Some(1), "it is new");
        assert_eq!(repeats.of("the database is away", later), None);
        let next_day = later + Duration::from_hours(24);
        assert!(repeats.of("the database is away", next_day).is_some());
        assert_eq!(repeats.of("the database is away", next_day + FIRST), Some(1));
    }

    #[test]
    fn the_end_of_a_failure_is_logged_once() {
        let (mut repeats, began) = (Repeats::default(), Instant::now());
        let at = |second| began + Duration::from_secs(second);
        assert!(!repeats.end(), "nothing failed");
        assert_eq!(repeats.of("refused", at(0)), Some(1));
        assert_eq!(repeats.of("refused", at(60)), Some(1));
        assert!(repeats.end() && !repeats.end());
        assert_eq!(repeats.of("refused", at(90)), None, "it comes and goes");
        assert!(!repeats.end(), "the log does not have it");
        assert_eq!(repeats.of("refused", at(120)), Some(2));
        assert!(repeats.end());
    }

    #[test]
    fn failures_of_a_place_are_few() {
        let (mut repeats, now) = (Repeats::default(), Instant::now());
        for word in ('a'..='z').flat_map(|a| ('a'..='z').map(move |b| format!("{a}{b}"))) {
            assert_eq!(repeats.of(&word, now), Some(1));
        }
        assert!(repeats.lines.len() <= MOST);
    }
}
