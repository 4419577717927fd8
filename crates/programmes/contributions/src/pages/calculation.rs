//! "Why these points": explanations as running sums.

use kernel::Points;
use ui::format::{Instant, Number, exact, month, tame, with_real_minus};

use super::evidence;
use crate::rules::{
    Exact, Exclusion, Explanation, Overridden, PullRequestFlag,
    explanation::{Award, CalculationStep, Cap, Evidence, LowValue, LowValueSign},
};

/// The explanation of a pull request's points.
#[derive(Clone, Debug, PartialEq)]
pub struct Calculation {
    /// Sentences above the sum, such as why it earns no points or which values are estimates, without
    /// duplicates.
    pub notes: Vec<CalculationNote>,
    /// The awards, in the order in which they are earned.
    pub awards: Vec<AwardSum>,
    /// The sum of the awards.
    pub total: Number,
    pub sentences: Vec<String>,
}

/// A sentence above the sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalculationNote {
    /// The CSS class of the note's color.
    pub class: &'static str,
    pub sentence: String,
}

/// The running sum of an award.
#[derive(Clone, Debug, PartialEq)]
pub struct AwardSum {
    pub name: &'static str,
    pub earned: Instant,
    pub month: String,
    /// The version of the rules that is used.
    pub rules: i32,
    /// True if the base is 0, which no factor changes.
    pub is_nothing: bool,
    pub lines: Vec<SumLine>,
    pub points: Number,
}

/// A step of a running sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SumLine {
    /// The CSS class: `nil` if the step changes nothing, `cut` if points are not awarded.
    pub class: &'static str,
    pub step: String,
    pub evidence: String,
    /// The factor, or the points added.
    pub factor: String,
    /// The sum so far.
    pub sum: String,
}

impl Calculation {
    /// Creates the calculation of the parts of a pull request, in the order in which they earn.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a Explanation>) -> Self {
        let mut calculation =
            Self { notes: Vec::new(), awards: Vec::new(), total: Number(0), sentences: Vec::new() };
        for part in parts {
            for note in notes(part) {
                if !calculation.notes.contains(&note) {
                    calculation.notes.push(note);
                }
            }
            for award in &part.awards {
                calculation.total.0 += award.points;
                if !is_nothing(award) {
                    let sentence = with_real_minus(&award.sentence());
                    calculation.sentences.push(sentence);
                }
                calculation.awards.push(AwardSum::of(part, award));
            }
        }
        calculation
    }

    /// Adds a sentence above the sum.
    pub fn note(&mut self, sentence: &str) {
        self.notes.push(CalculationNote { class: "t-or", sentence: sentence.to_owned() });
    }

    /// Returns the number of lines that count for the size bonus, once the pull request is merged.
    pub fn counted_lines<'a>(parts: impl IntoIterator<Item = &'a Explanation>) -> Option<Number> {
        let steps = parts.into_iter().flat_map(|part| &part.awards).flat_map(|award| &award.steps);
        steps.into_iter().find_map(|step| match step.evidence {
            Evidence::Size { lines, .. } => lines.map(Number),
            _ => None,
        })
    }
}

fn notes(part: &Explanation) -> impl Iterator<Item = CalculationNote> {
    let note = |class| move |sentence: String| CalculationNote { class, sentence };
    let excluded = part.excluded.iter().map(Exclusion::sentence).map(note("t-or"));
    let overridden = part.overridden.iter().map(Overridden::sentence).map(note("t-or"));
    let flags = part.flags.iter().map(PullRequestFlag::sentence).map(note("t-or"));
    let assumptions =
        part.assumptions.iter().map(|it| it.sentence().to_owned()).map(note("t-azure"));
    excluded.chain(overridden).chain(flags).chain(assumptions)
}

impl AwardSum {
    fn of(part: &Explanation, award: &Award) -> Self {
        Self {
            name: evidence::award(award.reason),
            earned: Instant(part.at),
            month: month(part.month),
            rules: part.rules.pull,
            is_nothing: is_nothing(award),
            lines: lines(award),
            points: Number(award.points),
        }
    }
}

fn is_nothing(award: &Award) -> bool {
    let base = award.steps.first();
    base.is_none_or(|base| base.product == Exact::ZERO)
}

/// Returns the lines of an award: base, factors, rounding, low value and cap. If the base is 0, it is the
/// only line.
fn lines(award: &Award) -> Vec<SumLine> {
    let is_nothing = is_nothing(award);
    let shown = if is_nothing { 1 } else { award.steps.len() };
    let steps = award.steps.iter().take(shown).enumerate().map(step);
    let rounding = rounding(award);
    let low_value = award.low_value.as_ref().map(low_value);
    let cap = award.cap.filter(|_| !is_nothing).map(cap);
    steps.chain(rounding).chain(low_value).chain(cap).collect()
}

fn step((place, step): (usize, &CalculationStep)) -> SumLine {
    let (name, evidence) = evidence::step(&step.evidence);
    let is_base = place == 0;
    let changes = if is_base { step.product != Exact::ZERO } else { step.factor != Exact::ONE };
    SumLine {
        class: if changes { "" } else { "nil" },
        step: tame(&name),
        evidence: tame(&evidence),
        factor: if is_base {
            exact(step.factor)
        } else {
            format!("×\u{a0}{}", exact(step.factor))
        },
        sum: exact(step.product),
    }
}

fn rounding(award: &Award) -> Option<SumLine> {
    let whole = Exact::from(award.rounded);
    let difference = Exact(whole.0 - award.exact().0);
    (difference != Exact::ZERO).then(|| SumLine {
        class: "",
        step: "Rounding".to_owned(),
        evidence: "rounded half up".to_owned(),
        factor: added(difference),
        sum: exact(whole),
    })
}

/// Formats a difference, such as "+ 0.4" or "− 0.2".
fn added(difference: Exact) -> String {
    match exact(difference).strip_prefix('−') {
        Some(less) => format!("−\u{a0}{less}"),
        None => format!("+\u{a0}{}", exact(difference)),
    }
}

fn low_value(low: &LowValue) -> SumLine {
    let by = match &low.by {
        LowValueSign::Mark => "marked by a maintainer".to_owned(),
        LowValueSign::Title { word, lines } => {
            format!("“{word}” in the title, {}", Number(*lines).of("line", "lines"))
        }
        LowValueSign::Patch { content } => content.words().to_owned(),
    };
    SumLine {
        class: "",
        step: "Low value".to_owned(),
        evidence: by,
        factor: format!("−\u{a0}{}", Number(low.deduction)),
        sum: Number(low.remaining).to_string(),
    }
}

fn cap(cap: Cap) -> SumLine {
    let limit = format!("{} per month, person and repository", Number(cap.limit));
    let (class, name, evidence) = if cap.granted < cap.uncapped {
        let lost = not_awarded(cap.uncapped - cap.granted);
        let remain = remain(cap.remaining);
        ("cut", "Monthly cap reached", format!("{limit}; {remain}. {lost}"))
    } else {
        ("nil", "Monthly cap", format!("{limit}; {}", remain(cap.remaining)))
    };
    SumLine {
        class,
        step: name.to_owned(),
        evidence,
        factor: format!("at\u{a0}most {}", Number(cap.remaining)),
        sum: Number(cap.granted).to_string(),
    }
}

fn remain(left: Points) -> String {
    format!("{} remaining", Number(left))
}

fn not_awarded(points: Points) -> String {
    let verb = if points == 1 { "is" } else { "are" };
    format!("{} {verb} not awarded.", Number(points).of("point", "points"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn part(awards: &Value) -> Explanation {
        let part = json!({
            "part": "merge", "at": "2026-11-09T14:20:00Z", "month": "2026-11",
            "rules": { "pull": 7, "month": 7, "frequency": 7 },
            "assumptions": ["totals_for_files"], "awards": awards,
        });
        serde_json::from_value(part).expect("an explanation")
    }

    fn shown(group: &AwardSum) -> Vec<String> {
        let line =
            |line: &SumLine| format!("{}|{}|{}|{}", line.class, line.step, line.factor, line.sum);
        let plain = |line: String| line.replace('\u{a0}', " ");
        group.lines.iter().map(line).map(plain).collect()
    }

    #[test]
    fn an_award_is_a_running_sum_with_rounding_and_cap() {
        let award = json!([{
            "reason": "pr_merged", "rounded": 58, "points": 43,
            "steps": [
                { "evidence": { "code": "merged" }, "factor": "50", "product": "50" },
                { "evidence": { "code": "rating" }, "factor": "1", "product": "50" },
                { "evidence": { "code": "rating", "median": 5 }, "factor": "1.152", "product": "57.6" },
            ],
            "low_value": { "by": "mark", "deduction": 10, "left": 48 },
            "cap": { "limit": 1000, "asked": 48, "left": 43, "granted": 43 },
        }]);
        let calculation = Calculation::of([&part(&award)]);
        assert_eq!(
            shown(&calculation.awards[0]),
            [
                "|Merged|50|50",
                "nil|Rating|× 1|50",
                "|Rated 5|× 1.152|57.6",
                "|Rounding|+ 0.4|58",
                "|Low value|− 10|48",
                "cut|Monthly cap reached|at most 43|43",
            ]
        );
        let cap = calculation.awards[0].lines.last().expect("a cap");
        assert!(
            cap.evidence.ends_with("43 remaining. 5 points are not awarded."),
            "{}",
            cap.evidence
        );
        assert_eq!(calculation.total, Number(43));
    }

    #[test]
    fn a_base_of_0_is_the_only_line_and_a_note_is_shown_once() {
        let bonus = json!([{
            "reason": "size_bonus", "rounded": 0, "points": 0,
            "steps": [
                { "evidence": { "code": "size", "lines": 12 }, "factor": "0", "product": "0" },
                { "evidence": { "code": "diminishing", "place": 7, "full": 5 }, "factor": "0.64", "product": "0" },
            ],
            "cap": { "limit": 1000, "asked": 0, "left": 43, "granted": 0 },
        }]);
        let part = part(&bonus);
        let calculation = Calculation::of([&part, &part]);
        assert_eq!(shown(&calculation.awards[0]), ["nil|Size: 12 lines|0|0"]);
        assert_eq!(calculation.notes.len(), 1);
        assert!(calculation.sentences.is_empty());
        assert_eq!(Calculation::counted_lines([&part]), Some(Number(12)));
    }

    #[test]
    fn rounding_down_is_shown_with_a_minus_sign() {
        let half = Exact("-0.192".parse().expect("a decimal"));
        assert_eq!(added(half), "−\u{a0}0.192");
    }
}
