use std::{
    fmt, mem,
    net::IpAddr,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use kernel::{Clock, Timestamp};
use uuid::Uuid;

use crate::module::Services;

/// The most slow requests of a minute that are noted.
const PER_MINUTE: usize = 30;
/// The most characters of a user agent that are noted.
const LONGEST_AGENT: usize = 300;

/// A request that took long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlowRequest {
    /// When it ended.
    pub at: Timestamp,
    pub method: String,
    /// The template of its route, such as `/people/{login}`.
    pub route: String,
    pub status: u16,
    pub milliseconds: i64,
    /// The person who sent it; absent for visitors.
    pub person: Option<Uuid>,
    /// The address that it came from. It is stored as a network only.
    pub address: Option<IpAddr>,
    /// The user agent, as sent.
    pub agent: Option<String>,
}

/// The sender of a request, as the layers further in find out; an extension of each request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trace(Arc<Sender>);

#[derive(Debug, Default)]
struct Sender {
    address: OnceLock<IpAddr>,
    person: OnceLock<Uuid>,
}

impl Trace {
    pub(crate) fn came_from(&self, address: IpAddr) {
        self.0.address.set(address).ok();
    }

    pub(crate) fn was_sent_by(&self, person: Uuid) {
        self.0.person.set(person).ok();
    }

    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.0.address.get().copied()
    }

    pub(crate) fn person(&self) -> Option<Uuid> {
        self.0.person.get().copied()
    }
}

/// The slow requests of this process that are not stored yet.
pub struct SlowRequests {
    clock: Arc<dyn Clock>,
    noted: Mutex<Noted>,
}

#[derive(Default)]
struct Noted {
    waiting: Vec<SlowRequest>,
    /// The start of the current minute, and the number of requests noted in it.
    minute: Option<(Instant, usize)>,
}

impl Noted {
    /// Counts a request. Returns false if it is one too many of its minute.
    fn may_note(&mut self, now: Instant) -> bool {
        let is_over = |began: Instant| now.duration_since(began) >= Duration::from_secs(60);
        let (began, number) = match self.minute {
            Some((began, number)) if !is_over(began) => (began, number),
            _ => (now, 0),
        };
        self.minute = Some((began, number + 1));
        number < PER_MINUTE
    }
}

impl SlowRequests {
    /// Returns the slow requests of the process.
    #[must_use]
    pub fn of(services: &Services) -> Arc<Self> {
        services.once(|| Arc::new(Self::new(Arc::clone(&services.context.clock))))
    }

    /// Creates an empty list, whose requests end by `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, noted: Mutex::default() }
    }

    /// Returns the current instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Notes a request, unless too many were noted in this minute.
    pub fn note(&self, mut request: SlowRequest) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.may_note(Instant::now()) {
            if let Some(agent) = &mut request.agent {
                cut(agent, LONGEST_AGENT);
            }
            noted.waiting.push(request);
            // If nothing stores them, the last ones are kept.
            let surplus = noted.waiting.len().saturating_sub(PER_MINUTE);
            noted.waiting.drain(..surplus);
        }
    }

    /// Returns the noted requests, and forgets them.
    #[must_use]
    pub fn take(&self) -> Vec<SlowRequest> {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        mem::take(&mut noted.waiting)
    }
}

impl fmt::Debug for SlowRequests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlowRequests").finish_non_exhaustive()
    }
}

/// Shortens a text to at most `most` bytes.
fn cut(text: &mut String, most: usize) {
    text.truncate(text.floor_char_boundary(most));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemClock;

    fn request(milliseconds: i64) -> SlowRequest {
        SlowRequest {
            at: Timestamp::UNIX_EPOCH,
            method: "GET".to_owned(),
            route: "/people/{login}".to_owned(),
            status: 200,
            milliseconds,
            person: None,
            address: None,
            agent: Some("é".repeat(LONGEST_AGENT)),
        }
    }

    #[test]
    fn a_few_requests_of_a_minute_are_noted() {
        let (mut noted, start) = (Noted::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        let first = (0..PER_MINUTE + 5).filter(|_| noted.may_note(after(1))).count();
        assert_eq!(first, PER_MINUTE);
        assert!(!noted.may_note(after(60)), "the minute begins with its first request");
        assert!(noted.may_note(after(61)));
    }

    #[test]
    fn requests_are_taken_once_and_their_agents_are_short() {
        let slow = SlowRequests::new(Arc::new(SystemClock));
        for milliseconds in 0..100 {
            slow.note(request(milliseconds));
        }
        let taken = slow.take();
        assert_eq!((taken.len(), taken[0].milliseconds), (PER_MINUTE, 0));
        assert!(taken.iter().all(|one| one.agent.as_ref().is_some_and(|it| it.len() == 300)));
        assert!(slow.take().is_empty());
    }

    #[test]
    fn the_first_sender_of_a_request_counts() {
        let trace = Trace::default();
        assert_eq!((trace.address(), trace.person()), (None, None));
        let person = Uuid::from_u128(7);
        trace.was_sent_by(person);
        trace.was_sent_by(Uuid::nil());
        trace.clone().came_from(IpAddr::from([203, 0, 113, 9]));
        assert_eq!(trace.person(), Some(person));
        assert_eq!(trace.address(), Some(IpAddr::from([203, 0, 113, 9])));
    }
}
