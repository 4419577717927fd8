//! Recomputation of an explanation from its factors.

use std::fmt::Display;

use kernel::Points;

use super::{EntryReason, Exact, Explanation, Overridden, explanation::Award};

impl Explanation {
    /// Recomputes the points from the stored factors, without trusting the stored sums. An award that
    /// cannot be computed counts as 0, and [`Self::check`] returns the reason.
    #[must_use]
    pub fn readd(&self) -> Vec<(EntryReason, Points)> {
        let readd = |award: &Award| award.readd().map_or(0, |sum| sum.points);
        self.awards.iter().map(|award| (award.reason, readd(award))).collect()
    }

    /// Compares every stored sum with the result of the factors.
    ///
    /// # Errors
    /// Describes the first sum that differs.
    pub fn check(&self) -> Result<(), String> {
        if self.excluded.is_some() && !self.awards.is_empty() {
            return Err("it is excluded but has awards".to_owned());
        }
        if self.overridden == Some(Overridden::None) && !self.awards.is_empty() {
            return Err("a decision gives no points, but it has awards".to_owned());
        }
        self.awards.iter().try_for_each(Award::check)
    }
}

struct RecomputedSum {
    rounded: Points,
    asked: Points,
    points: Points,
}

impl Award {
    fn readd(&self) -> Option<RecomputedSum> {
        let product =
            self.steps.iter().try_fold(Exact::ONE, |product, step| product.times(step.factor))?;
        let rounded = product.rounded()?;
        let asked = match &self.low_value {
            Some(low) => rounded.checked_sub(low.deduction)?.max(0),
            None => rounded,
        };
        let points = self.cap.map_or(asked, |cap| asked.min(cap.remaining));
        Some(RecomputedSum { rounded, asked, points })
    }

    fn check(&self) -> Result<(), String> {
        let code = self.reason.code();
        let mut product = Exact::ONE;
        for step in &self.steps {
            let next = product.times(step.factor);
            product = next.ok_or_else(|| format!("{code}: a product is too large"))?;
            same(code, "a running product", &step.product, &product)?;
        }
        let sum = self.readd().ok_or_else(|| format!("{code}: the product is too large"))?;
        same(code, "the rounded product", &self.rounded, &sum.rounded)?;
        if let Some(low) = &self.low_value {
            same(code, "the sum after the low-value deduction", &low.remaining, &sum.asked)?;
        }
        if let Some(cap) = &self.cap {
            same(code, "the sum before the cap", &cap.uncapped, &sum.asked)?;
            same(code, "the sum after the cap", &cap.granted, &sum.points)?;
        }
        same(code, "the result", &self.points, &sum.points)
    }
}

fn same<T: PartialEq + Display>(
    code: &str,
    what: &str,
    stored: &T,
    right: &T,
) -> Result<(), String> {
    if stored == right {
        return Ok(());
    }
    Err(format!("{code}: {what} is stored as {stored}, but the factors give {right}"))
}
