//! The computation of an award: base × factors, rounded once, minus the deduction for low value, limited by
//! the cap.

use kernel::Points;

use super::{
    EntryReason, Exact, Multiplier, PullWithRules,
    explanation::{Award, CalculationStep, Cap, Evidence, LowValue, LowValueSign, TypeSource},
    labels, paths, title,
};

/// An award under construction.
pub(super) struct Product {
    reason: EntryReason,
    steps: Vec<CalculationStep>,
    product: Exact,
}

impl Product {
    pub(super) fn of(reason: EntryReason, evidence: Evidence, base: Points) -> Self {
        let empty = Self { reason, steps: Vec::with_capacity(6), product: Exact::ONE };
        empty.times(evidence, Exact::from(base))
    }

    /// Multiplies by a factor. Rules are limited so that products cannot overflow; an overflow would
    /// count as 0.
    pub(super) fn times(mut self, evidence: Evidence, factor: impl Into<Exact>) -> Self {
        let factor = factor.into();
        self.product = self.product.times(factor).unwrap_or(Exact::ZERO);
        self.steps.push(CalculationStep { evidence, factor, product: self.product });
        self
    }

    pub(super) fn void(self, voids: &[Evidence]) -> Self {
        voids.iter().fold(self, |sum, evidence| sum.times(evidence.clone(), Exact::ZERO))
    }

    /// Rounds half up. All later steps use whole points.
    pub(super) fn rounded(self) -> Award {
        let rounded = self.product.rounded().unwrap_or(0);
        Award {
            reason: self.reason,
            steps: self.steps,
            rounded,
            low_value: None,
            cap: None,
            points: rounded,
        }
    }
}

impl Award {
    pub(super) fn less_low_value(mut self, by: Option<LowValueSign>, deduction: Points) -> Self {
        if let Some(by) = by {
            let left = (self.points - deduction).max(0);
            self.low_value = Some(LowValue { by, deduction, remaining: left });
            self.points = left;
        }
        self
    }

    /// Limits the award to the remaining monthly allowance, and reduces the allowance by the points
    /// granted.
    pub(super) fn capped(mut self, limit: Points, allowance: &mut Points) -> Self {
        let (asked, left) = (self.points, *allowance);
        let granted = asked.min(left);
        *allowance -= granted;
        self.cap = Some(Cap { limit, uncapped: asked, remaining: left, granted });
        self.points = granted;
        self
    }
}

/// Returns the base of a merge award with its quality factors.
pub(super) fn merge_product(pull: &PullWithRules) -> Product {
    let (facts, rules) = (&pull.facts, &pull.rules.document);
    let median = facts.median_rating();
    let count = median.and_then(|_| u32::try_from(facts.ratings.len()).ok());
    let rating = median.map_or(Exact::ONE, |median| rules.rating.of(median).into());
    let touched = |sort| facts.paths.as_deref().map(|files| paths::touches_with_code(files, sort));
    let (tests, docs) = (touched(paths::Sort::Tests), touched(paths::Sort::Docs));
    let (kind, type_factor) = type_step(pull);
    Product::of(EntryReason::PrMerged, Evidence::Merged, rules.merged)
        .times(Evidence::Rating { median, count }, rating)
        .times(Evidence::Tests { touched: tests }, factor_if(tests, rules.tests))
        .times(Evidence::Docs { touched: docs }, factor_if(docs, rules.docs))
        .times(kind, type_factor)
}

fn factor_if(touched: Option<bool>, factor: Multiplier) -> Exact {
    if touched == Some(true) { factor.into() } else { Exact::ONE }
}

/// Returns the step of the type. A maintainer's label takes precedence over the author's title.
fn type_step(pull: &PullWithRules) -> (Evidence, Exact) {
    let types = &pull.rules.document.types;
    let by_title = || {
        let key = labels::type_key(title::conventional_type(&pull.facts.title)?);
        let factor = *types.get(&key)?;
        Some((key, factor, TypeSource::Title))
    };
    let by_label = labels::type_of(&pull.facts.labels, types)
        .map(|(name, factor)| (name, factor, TypeSource::Label));
    match by_label.or_else(by_title) {
        Some((name, factor, from)) => {
            let evidence = Evidence::Type { name: Some(name), from: Some(from) };
            (evidence, factor.into())
        }
        None => (Evidence::Type { name: None, from: None }, Exact::ONE),
    }
}

/// Returns the bonus of the highest band reached, or 0 below all bands or if the size is unknown.
pub(super) fn size_product(pull: &PullWithRules) -> Product {
    let lines = pull.facts.counted_lines();
    let bands = pull.rules.document.size_bonus.iter();
    let band = lines
        .and_then(|lines| bands.filter(|band| band.lines <= lines).max_by_key(|band| band.lines));
    let evidence = Evidence::Size { lines, band: band.map(|band| band.lines) };
    Product::of(EntryReason::SizeBonus, evidence, band.map_or(0, |band| band.points))
}
