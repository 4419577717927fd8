use chrono::Duration;
use github::model::PullRequestId;
use kernel::{Points, Timestamp};
use rust_decimal::Decimal;

use super::{
    Assumption, AwardKind, AwardPart, EntryReason, Exact, Explanation, PullWithRules,
    RulesDocument, Window,
    award::{self, Product},
    eligibility,
    explanation::{Award, Evidence, RulesUsed},
    overrides,
};

/// Points that a person is entitled to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    pub reason: EntryReason,
    /// The kind of ledger entry.
    pub kind: AwardKind,
    /// The points, never 0.
    pub points: Points,
    /// When they are earned, on GitHub's clock.
    pub at: Timestamp,
    /// When they stop being pending. A penalty is never pending.
    pub matures_at: Timestamp,
}

/// The result of settling a part of a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartCalculation {
    pub pull_request_id: PullRequestId,
    pub part: AwardPart,
    /// The entitlements that the ledger must contain: matured and nonzero.
    pub entitlements: Vec<Entitlement>,
    /// The entitlements that have not matured, nonzero.
    pub pending: Vec<Entitlement>,
    pub explanation: Explanation,
}

/// The minimum number of days between the end of a pull request and the closing of its facts.
const CLOSING_DAYS: u32 = 7;

/// Returns when the facts of a pull request close that was merged or closed at `ended_at`, after which events do not change
/// its points. Returns `None` while it is open.
#[must_use]
pub fn closes_at(ended_at: Option<Timestamp>, maturing_days: u32) -> Option<Timestamp> {
    Some(days_after(ended_at?, maturing_days.max(CLOSING_DAYS)))
}

fn days_after(at: Timestamp, days: u32) -> Timestamp {
    at.checked_add_signed(Duration::days(i64::from(days))).unwrap_or(Timestamp::MAX_UTC)
}

/// Settles a contributor's pull requests in a repository and month. Returns a calculation for each part in
/// the month, ordered by time, GitHub ID and part, with the opening first, whatever the order of the input.
///
/// Awards count toward the cap and diminishing returns whether or not they have matured.
#[must_use]
pub fn settle(window: &Window, as_of: Timestamp) -> Vec<PartCalculation> {
    let mut month = MonthSoFar::begin(window);
    places(window).iter().map(|place| month.reckon(place, as_of)).collect()
}

/// A part of a pull request and its time.
struct TimedPart<'a> {
    at: Timestamp,
    part: AwardPart,
    pull: &'a PullWithRules,
}

fn places(window: &Window) -> Vec<TimedPart<'_>> {
    let mut places: Vec<TimedPart<'_>> = window.pulls.iter().flat_map(parts).collect();
    places.retain(|place| kernel::Month::of(place.at) == window.month);
    places.sort_by_key(|place| (place.at, place.pull.facts.github_id, place.part));
    places
}

fn parts(pull: &PullWithRules) -> impl Iterator<Item = TimedPart<'_>> {
    let opening = TimedPart { at: pull.facts.opening_at(), part: AwardPart::Opening, pull };
    let merge = pull.facts.merged_at.map(|at| TimedPart { at, part: AwardPart::Merge, pull });
    std::iter::once(opening).chain(merge)
}

/// The allowance and the merges that earlier awards of the month leave for later ones.
struct MonthSoFar<'a> {
    window: &'a Window,
    allowance: Points,
    merges: Merges,
}

impl<'a> MonthSoFar<'a> {
    fn begin(window: &'a Window) -> Self {
        let rules = &window.rules.document;
        Self { window, allowance: rules.monthly_cap, merges: Merges::none() }
    }

    fn reckon(&mut self, place: &TimedPart<'_>, as_of: Timestamp) -> PartCalculation {
        let mut explanation = self.explain(place);
        if explanation.excluded.is_none() {
            let cap = self.window.rules.document.monthly_cap;
            let awards = self.awards(place).into_iter();
            explanation.awards =
                awards.map(|award| award.capped(cap, &mut self.allowance)).collect();
            explanation.awards.extend(penalty(place));
        }
        // The month goes on as without the decision, so that it concerns no other pull request.
        let explanation = overrides::overridden(explanation, place.pull);
        let (entitlements, pending) = entitlements(place, &explanation.awards)
            .partition(|entitlement| entitlement.matures_at <= as_of);
        PartCalculation {
            pull_request_id: place.pull.facts.pull_request_id,
            part: place.part,
            entitlements,
            pending,
            explanation,
        }
    }

    fn explain(&self, place: &TimedPart<'_>) -> Explanation {
        let pull = place.pull;
        Explanation {
            part: place.part,
            at: place.at,
            month: self.window.month,
            rules: RulesUsed {
                pull: pull.rules.version,
                month: self.window.rules.version,
                frequency: pull.frequency_rules.version,
            },
            assumptions: assumptions(place),
            excluded: eligibility::exclusion(pull),
            overridden: None,
            flags: eligibility::frequency(pull).into_iter().collect(),
            awards: Vec::new(),
        }
    }

    /// Computes the awards and bonuses of a part, before the cap.
    fn awards(&mut self, place: &TimedPart<'_>) -> Vec<Award> {
        let (pull, rules) = (place.pull, &place.pull.rules.document);
        let voids = eligibility::voids(pull);
        match place.part {
            AwardPart::Opening => {
                let opened = Product::of(EntryReason::PrOpened, Evidence::Opened, rules.opened);
                vec![opened.void(&voids).rounded()]
            }
            AwardPart::Merge if !voids.is_empty() => {
                let merged = Product::of(EntryReason::PrMerged, Evidence::Merged, rules.merged);
                vec![
                    merged.void(&voids).rounded(),
                    award::size_product(pull).void(&voids).rounded(),
                ]
            }
            AwardPart::Merge => self.merge_awards(pull).into(),
        }
    }

    fn merge_awards(&mut self, pull: &PullWithRules) -> [Award; 2] {
        let (place, factor) = self.merges.next(&self.window.rules.document);
        let full = self.window.rules.document.diminishing.after;
        let diminishing = Evidence::Diminishing { place, full };
        let deduction = pull.rules.document.low_value.deduction;
        let merged = award::merge_product(pull)
            .times(diminishing.clone(), factor)
            .rounded()
            .less_low_value(eligibility::low_value(pull), deduction);
        let bonus = award::size_product(pull).times(diminishing, factor).rounded();
        [merged, bonus]
    }
}

/// The month's scored merges so far, and the worth of the next one.
struct Merges {
    count: u32,
    power: Decimal,
}

impl Merges {
    fn none() -> Self {
        Self { count: 0, power: Decimal::ONE }
    }

    /// Returns the position of the next merge and its factor. Powers are truncated to twelve decimals,
    /// so that products with any published factor stay exact.
    fn next(&mut self, rules: &RulesDocument) -> (u32, Exact) {
        let rule = &rules.diminishing;
        self.count += 1;
        if self.count <= rule.after {
            return (self.count, Exact::ONE);
        }
        self.power = (self.power * rule.factor.0).trunc_with_scale(12);
        (self.count, Exact(self.power.max(rule.floor.0)))
    }
}

/// Returns the penalty for spam, which belongs to the opening part and is not capped.
fn penalty(place: &TimedPart<'_>) -> Option<Award> {
    let by = (place.part == AwardPart::Opening).then(|| eligibility::spam(place.pull))??;
    let points = -place.pull.rules.document.spam.penalty;
    Some(Product::of(EntryReason::Spam, Evidence::Penalty { by }, points).rounded())
}

fn assumptions(place: &TimedPart<'_>) -> Vec<Assumption> {
    let (facts, rules) = (&place.pull.facts, &place.pull.rules.document);
    let merge = place.part == AwardPart::Merge;
    let known = [
        (merge && facts.paths.is_none(), Assumption::LineTotalsUsed),
        (merge && facts.counted_lines().is_none(), Assumption::SizeUnknown),
        (
            rules.minimum_account_age_days > 0 && facts.account_created_at.is_none(),
            Assumption::AccountAgeUnknown,
        ),
        (merge && eligibility::needs_patch(facts, rules), Assumption::PatchUnknown),
    ];
    known.into_iter().filter_map(|(applies, assumption)| applies.then_some(assumption)).collect()
}

fn entitlements(place: &TimedPart<'_>, awards: &[Award]) -> impl Iterator<Item = Entitlement> {
    let at = place.at;
    let matures_at = days_after(at, place.pull.rules.document.maturing_days);
    awards.iter().filter(|award| award.points != 0).map(move |award| Entitlement {
        reason: award.reason,
        kind: award.kind(),
        points: award.points,
        at,
        matures_at: if award.kind() == AwardKind::Penalty { at } else { matures_at },
    })
}
