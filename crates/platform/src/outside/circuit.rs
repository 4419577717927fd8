use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use kernel::Timestamp;

/// The number of consecutive failures that opens the circuit.
const MOST: u32 = 5;
/// How long the circuit stays open.
const OPEN_FOR: Duration = Duration::from_secs(30);

/// A circuit breaker for an external service. After several consecutive failures, it is not called for a while. Then one
/// failure is enough to stop again.
#[derive(Debug)]
pub struct Circuit {
    most: u32,
    open_for: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    open_until: Option<Timestamp>,
}

impl Default for Circuit {
    /// Creates a circuit that opens after five failures, for half a minute.
    fn default() -> Self {
        Self::new(MOST, OPEN_FOR)
    }
}

impl Circuit {
    /// Creates a circuit that opens after `most` consecutive failures, for the time `open_for`.
    #[must_use]
    pub fn new(most: u32, open_for: Duration) -> Self {
        Self { most, open_for, state: Mutex::default() }
    }

    /// Returns how long the service must not be called; `None` if it may be called.
    pub fn open_for(&self, now: Timestamp) -> Option<Duration> {
        let until = self.state(|state| state.open_until)?;
        (until - now).to_std().ok().filter(|left| !left.is_zero())
    }

    /// Records whether the service responded. An error that it states is a response.
    pub fn note(&self, responded: bool, now: Timestamp) {
        self.state(|state| {
            if responded {
                *state = State::default();
                return;
            }
            state.failures = state.failures.saturating_add(1);
            if state.failures >= self.most {
                state.open_until = Some(now + self.open_for);
            }
        });
    }

    fn state<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circuit_has_its_own_number_of_failures_and_duration() {
        let circuit = Circuit::new(2, Duration::from_secs(3));
        let now = Timestamp::from_timestamp(1_790_000_000, 0).expect("a time");
        circuit.note(false, now);
        assert_eq!(circuit.open_for(now), None);
        circuit.note(false, now);
        assert_eq!(circuit.open_for(now), Some(Duration::from_secs(3)));
    }

    #[test]
    fn a_failing_service_is_not_called_for_a_while() {
        let circuit = Circuit::default();
        let at =
            |second: i64| Timestamp::from_timestamp(1_790_000_000 + second, 0).expect("a time");
        for second in 0..4 {
            circuit.note(false, at(second));
            assert_eq!(circuit.open_for(at(second)), None);
        }
        circuit.note(false, at(4));
        assert_eq!(circuit.open_for(at(4)), Some(OPEN_FOR));
        assert_eq!(circuit.open_for(at(14)), Some(Duration::from_secs(20)));
        assert_eq!(circuit.open_for(at(34)), None, "one call may try");
        circuit.note(false, at(34));
        assert_eq!(circuit.open_for(at(35)), Some(Duration::from_secs(29)));
        circuit.note(true, at(64));
        circuit.note(false, at(65));
        assert_eq!(circuit.open_for(at(65)), None);
    }
}
