/// The number of consecutive calls with a different result that changes the state.
const IN_A_ROW: u32 = 3;

/// A circuit breaker. A single slow call does not change its state, but several consecutive ones do. The first
/// call sets the state.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    goes_well: Option<bool>,
    otherwise: u32,
}

impl Breaker {
    /// Returns true if calls succeed. False before the first call.
    pub(super) fn goes_well(&self) -> bool {
        self.goes_well == Some(true)
    }

    /// Records the result of a call. Returns the new state if it changed.
    pub(super) fn note(&mut self, went_well: bool) -> Option<bool> {
        if self.goes_well == Some(went_well) {
            self.otherwise = 0;
            return None;
        }
        self.otherwise += 1;
        let is_first = self.goes_well.is_none();
        if !is_first && self.otherwise < IN_A_ROW {
            return None;
        }
        *self = Self { goes_well: Some(went_well), otherwise: 0 };
        self.goes_well
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each case has the results of calls (+ and -), and the state after each.
    #[test]
    fn three_consecutive_results_change_the_state() {
        for (went, goes) in [
            ("+", "+"),
            ("-", "-"),
            ("+-+", "+++"),
            ("+--+--+", "+++++++"),
            ("+---", "+++-"),
            ("+-----", "+++---"),
            ("-++", "---"),
            ("-+++", "---+"),
            ("+---++-+++", "+++------+"),
        ] {
            let mut breaker = Breaker::default();
            assert!(!breaker.goes_well());
            let mut turns = 0;
            let after = went.chars().map(|call| {
                turns += u32::from(breaker.note(call == '+').is_some());
                if breaker.goes_well() { '+' } else { '-' }
            });
            assert_eq!(after.collect::<String>(), goes, "{went}");
            let mut before = None;
            let changes = goes.chars().filter(|now| before.replace(*now) != Some(*now));
            assert_eq!(turns as usize, changes.count(), "each turn is reported once: {went}");
        }
    }
}
