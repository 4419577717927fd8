//! "Why these points": an explanation as a running sum.

use contributions::rules::{
    Exact, Explanation,
    explanation::{Award, Cap, Evidence, LowValue, LowValueSign, Step},
};
use kernel::Points;

use super::{
    format::{Instant, Number, exact, month, with_real_minus},
    words,
};

/// Why a pull request earns what it earns.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reckoning {
    /// Why it scores nothing, what stands in for what is unknown; each once.
    pub(super) notes: Vec<Note>,
    pub(super) awards: Vec<Group>,
    pub(super) total: Number,
    /// The same in sentences.
    pub(super) sentences: Vec<String>,
}

/// A sentence that stands above the sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Note {
    /// The tincture of its meaning.
    pub(super) class: &'static str,
    pub(super) sentence: String,
}

/// The running sum of one award.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) earned: Instant,
    pub(super) month: String,
    pub(super) rules: i32,
    pub(super) lines: Vec<Line>,
    pub(super) points: Number,
}

/// One step of a running sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// `nil` when it changes nothing, `cut` where points are not awarded.
    pub(super) class: &'static str,
    pub(super) step: String,
    pub(super) evidence: String,
    pub(super) factor: String,
    /// The sum so far.
    pub(super) sum: String,
}

impl Reckoning {
    /// The reckoning of the parts of a pull request, in the order in which it earns.
    pub(super) fn of<'a>(parts: impl IntoIterator<Item = &'a Explanation>) -> Self {
        let mut reckoning = Self {
            notes: Vec::new(),
            awards: Vec::new(),
            total: Number(0),
            sentences: Vec::new(),
        };
        for part in parts {
            for note in notes(part) {
                if !reckoning.notes.contains(&note) {
                    reckoning.notes.push(note);
                }
            }
            for award in &part.awards {
                reckoning.total.0 += award.points;
                reckoning.sentences.push(with_real_minus(&award.sentence()));
                reckoning.awards.push(Group::of(part, award));
            }
        }
        reckoning
    }

    /// Lines that count for the size bonus, once it is merged.
    pub(super) fn counted_lines<'a>(
        parts: impl IntoIterator<Item = &'a Explanation>,
    ) -> Option<Number> {
        let steps = parts
            .into_iter()
            .flat_map(|part| &part.awards)
            .flat_map(|award| &award.steps);
        steps.into_iter().find_map(|step| match step.evidence {
            Evidence::Size { lines, .. } => lines.map(Number),
            _ => None,
        })
    }
}

fn notes(part: &Explanation) -> impl Iterator<Item = Note> {
    let note = |class| move |sentence: String| Note { class, sentence };
    let excluded = part
        .excluded
        .iter()
        .map(|it| it.sentence())
        .map(note("t-or"));
    let flags = part.flags.iter().map(|it| it.sentence()).map(note("t-or"));
    let stand_ins = part
        .stand_ins
        .iter()
        .map(|it| it.sentence().to_owned())
        .map(note("t-azure"));
    excluded.chain(flags).chain(stand_ins)
}

impl Group {
    fn of(part: &Explanation, award: &Award) -> Self {
        Self {
            name: words::award(award.reason),
            earned: Instant(part.at),
            month: month(part.month),
            rules: part.rules.pull,
            lines: lines(award),
            points: Number(award.points),
        }
    }
}

/// Base, factors, rounding, low value, cap. A base of nothing stands alone: no factor changes it.
fn lines(award: &Award) -> Vec<Line> {
    let is_nothing = award
        .steps
        .first()
        .is_none_or(|base| base.product == Exact::ZERO);
    let shown = if is_nothing { 1 } else { award.steps.len() };
    let steps = award.steps.iter().take(shown).enumerate().map(step);
    let rounding = rounding(award);
    let low_value = award.low_value.as_ref().map(low_value);
    let cap = award.cap.filter(|_| !is_nothing).map(cap);
    steps.chain(rounding).chain(low_value).chain(cap).collect()
}

fn step((place, step): (usize, &Step)) -> Line {
    let (name, evidence) = words::step(&step.evidence);
    let is_base = place == 0;
    let changes = if is_base {
        step.product != Exact::ZERO
    } else {
        step.factor != Exact::ONE
    };
    Line {
        class: if changes { "" } else { "nil" },
        step: name,
        evidence,
        factor: if is_base {
            exact(step.factor)
        } else {
            format!("× {}", exact(step.factor))
        },
        sum: exact(step.product),
    }
}

fn rounding(award: &Award) -> Option<Line> {
    let whole = Exact::from(award.rounded);
    let difference = Exact(whole.0 - award.exact().0);
    (difference != Exact::ZERO).then(|| Line {
        class: "",
        step: "Whole points".to_owned(),
        evidence: "rounded once, half up".to_owned(),
        factor: added(difference),
        sum: exact(whole),
    })
}

/// "+ 0.4", "− 0.2".
fn added(difference: Exact) -> String {
    match exact(difference).strip_prefix('−') {
        Some(less) => format!("− {less}"),
        None => format!("+ {}", exact(difference)),
    }
}

fn low_value(low: &LowValue) -> Line {
    let by = match &low.by {
        LowValueSign::Mark => "marked by a maintainer".to_owned(),
        LowValueSign::Title { word, lines } => {
            format!(
                "“{word}” in the title, {}",
                Number(*lines).of("line", "lines")
            )
        }
    };
    Line {
        class: "",
        step: "Low value".to_owned(),
        evidence: format!("{by}; never below 0"),
        factor: format!("− {}", Number(low.deduction)),
        sum: Number(low.left).to_string(),
    }
}

fn cap(cap: Cap) -> Line {
    let limit = format!(
        "{} a month for one person in one repository",
        Number(cap.limit)
    );
    let (class, name, evidence) = if cap.granted < cap.asked {
        let lost = not_awarded(cap.asked - cap.granted);
        let remain = remain(cap.left);
        (
            "cut",
            "Monthly cap reached",
            format!("{limit}; {remain}. {lost}"),
        )
    } else {
        (
            "nil",
            "Monthly cap",
            format!("{limit}; {}", remain(cap.left)),
        )
    };
    Line {
        class,
        step: name.to_owned(),
        evidence,
        factor: format!("at most {}", Number(cap.left)),
        sum: Number(cap.granted).to_string(),
    }
}

fn remain(left: Points) -> String {
    let verb = if left == 1 { "remains" } else { "remain" };
    format!("{} {verb}", Number(left))
}

fn not_awarded(points: Points) -> String {
    let verb = if points == 1 { "is" } else { "are" };
    format!(
        "{} {verb} not awarded.",
        Number(points).of("point", "points")
    )
}
