/// Number of calls in a row with another result than those before that changes the state.
const IN_A_ROW: u32 = 3;

/// State of recent calls: a single slow one changes nothing, several in a row do. The first call of all
/// does too.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    goes_well: Option<bool>,
    otherwise: u32,
}

impl Breaker {
    /// True when it is worth a call; absent at first.
    pub(super) fn goes_well(&self) -> bool {
        self.goes_well == Some(true)
    }

    /// Notes how a call went; gives how they go from now on, where that is another than before.
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
        *self = Self {
            goes_well: Some(went_well),
            otherwise: 0,
        };
        self.goes_well
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How calls went (+ and -), and how they were taken to go after each.
    #[test]
    fn three_in_a_row_turn_it() {
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
            let changes = goes
                .chars()
                .filter(|now| before.replace(*now) != Some(*now));
            assert_eq!(
                turns as usize,
                changes.count(),
                "each turn is reported once: {went}"
            );
        }
    }
}
