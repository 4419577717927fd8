//! The number of judges that an event needs.

/// The plan of the judging of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The number of projects.
    pub projects: i64,
    /// The number of looks that each project gets.
    pub looks: i64,
    /// The minutes that a look takes.
    pub minutes_per_look: i64,
    /// The minutes that judges have.
    pub minutes: i64,
}

impl Plan {
    /// Returns the number of judges that it needs: projects × looks × minutes per look ÷ minutes, rounded up. `None` if a number
    /// is negative, judges have no minutes, or the result is too large.
    #[must_use]
    pub fn judges(&self) -> Option<i64> {
        let looks = self.all_looks()?;
        let minutes = looks.checked_mul(self.minutes_per_look)?;
        let is_valid = self.minutes_per_look >= 0 && self.minutes > 0;
        is_valid.then(|| divided(minutes, self.minutes))
    }

    /// Returns the number of looks of each judge if there are that many judges, rounded up.
    #[must_use]
    pub fn looks_per_judge(&self, judges: i64) -> Option<i64> {
        let looks = self.all_looks()?;
        (judges > 0).then(|| divided(looks, judges))
    }

    fn all_looks(&self) -> Option<i64> {
        let is_valid = self.projects >= 0 && self.looks >= 0;
        is_valid.then_some(self.projects)?.checked_mul(self.looks)
    }
}

/// Divides a number that is not negative, rounding up.
fn divided(number: i64, by: i64) -> i64 {
    number / by + i64::from(number % by > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judges_are_rounded_up() {
        let plan = Plan { projects: 150, looks: 3, minutes_per_look: 5, minutes: 120 };
        assert_eq!(plan.judges(), Some(19));
        assert_eq!(plan.looks_per_judge(19), Some(24));
        for (changed, judges) in [
            (Plan { projects: 0, ..plan }, Some(0)),
            (Plan { projects: 1, ..plan }, Some(1)),
            (Plan { minutes: 2_250, ..plan }, Some(1)),
            (Plan { minutes: 2_249, ..plan }, Some(2)),
            (Plan { minutes: 0, ..plan }, None),
            (Plan { looks: -1, ..plan }, None),
            (Plan { projects: i64::MAX, ..plan }, None),
        ] {
            assert_eq!(changed.judges(), judges, "{changed:?}");
        }
        assert_eq!(plan.looks_per_judge(0), None);
    }
}
