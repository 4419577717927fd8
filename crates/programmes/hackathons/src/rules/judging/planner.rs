//! The number of judges that an event needs.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JudgingPlan {
    pub projects: i64,
    /// The number of looks that each project gets.
    pub looks: i64,
    /// The minutes that a look takes.
    pub minutes_per_look: i64,
    /// The minutes that judges have.
    pub minutes: i64,
}

impl JudgingPlan {
    /// Returns the number of judges that it needs: projects × looks × minutes per look ÷ minutes, rounded up. `None` if a number
    /// is negative, judges have no minutes, or the result is too large.
    #[must_use]
    pub fn judges(&self) -> Option<i64> {
        let looks = self.all_looks()?;
        let minutes = looks.checked_mul(self.minutes_per_look)?;
        let is_valid = self.minutes_per_look >= 0 && self.minutes > 0;
        is_valid.then(|| divided(minutes, self.minutes))
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
        let plan = JudgingPlan { projects: 150, looks: 3, minutes_per_look: 5, minutes: 120 };
        assert_eq!(plan.judges(), Some(19));
        for (changed, judges) in [
            (JudgingPlan { projects: 0, ..plan }, Some(0)),
            (JudgingPlan { projects: 1, ..plan }, Some(1)),
            (JudgingPlan { minutes: 2_250, ..plan }, Some(1)),
            (JudgingPlan { minutes: 2_249, ..plan }, Some(2)),
            (JudgingPlan { minutes: 0, ..plan }, None),
            (JudgingPlan { looks: -1, ..plan }, None),
            (JudgingPlan { projects: i64::MAX, ..plan }, None),
        ] {
            assert_eq!(changed.judges(), judges, "{changed:?}");
        }
    }
}
