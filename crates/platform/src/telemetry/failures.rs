//! Which failures of what repeats itself are logged.

use std::{
    collections::HashMap,
    fmt::Display,
    sync::{LazyLock, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The first pause between two lines about the same failure, which doubles with each.
const FIRST: Duration = Duration::from_mins(1);
/// The longest pause.
const LONGEST: Duration = Duration::from_hours(1);
/// The most failures that one place is known by. More are forgotten together.
const MOST: usize = 16;

static SEEN: LazyLock<Mutex<HashMap<&'static str, Repeats>>> = LazyLock::new(Mutex::default);

/// Returns how often a failure occurred since its last line in the log, this time included, if it is logged now: at once if it is new to
/// the place, and then with pauses that grow from a minute to an hour. `place` is what repeats itself, such as a loop or the answers to
/// requests.
pub fn news(place: &'static str, failure: &impl Display) -> Option<u64> {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    seen.entry(place).or_default().of(&failure.to_string(), Instant::now())
}

/// The failures of one place, by their text without its numbers.
#[derive(Debug, Default)]
struct Repeats(HashMap<String, Line>);

#[derive(Debug)]
struct Line {
    /// When the next line is due.
    next: Instant,
    pause: Duration,
    /// The failures since the last line.
    unlogged: u64,
}

impl Repeats {
    fn of(&mut self, failure: &str, now: Instant) -> Option<u64> {
        let key: String = failure.chars().filter(|c| !c.is_ascii_digit()).collect();
        if self.0.len() >= MOST && !self.0.contains_key(&key) {
            self.0.clear();
        }
        let Some(line) = self.0.get_mut(&key) else {
            self.0.insert(key, Line { next: now + FIRST, pause: FIRST, unlogged: 0 });
            return Some(1);
        };
        line.unlogged += 1;
        if now < line.next {
            return None;
        }
        // A failure that stayed away for long is new.
        let is_back = now - line.next >= LONGEST;
        line.pause = if is_back { FIRST } else { (line.pause * 2).min(LONGEST) };
        line.next = now + line.pause;
        Some(std::mem::take(&mut line.unlogged))
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
    fn failures_of_a_place_are_few() {
        let (mut repeats, now) = (Repeats::default(), Instant::now());
        for word in ('a'..='z').flat_map(|a| ('a'..='z').map(move |b| format!("{a}{b}"))) {
            assert_eq!(repeats.of(&word, now), Some(1));
        }
        assert!(repeats.0.len() <= MOST);
    }
}
