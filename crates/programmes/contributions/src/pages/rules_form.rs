//! The form of a rules document: a group of fields for each kind of rule.

use serde_json::Value;
use ui::format::{Number, exact};

use super::rule_guide::anchor;
use crate::rules::{
    FieldError, RulesDocument,
    form::{INPUTS, RuleInput, range, text_at, text_of},
};

pub(super) struct FieldGroup {
    pub(super) legend: &'static str,
    pub(super) anchor: &'static str,
    pub(super) hint: &'static str,
    pub(super) fields: Vec<RuleField>,
    /// The rows of bands or types.
    pub(super) rows: Vec<[RuleField; 2]>,
}

pub(super) struct RuleField {
    /// The path of the rule, which is the name and the ID.
    pub(super) name: String,
    pub(super) label: &'static str,
    /// The row of the field, for screen readers.
    pub(super) row: String,
    pub(super) hint: String,
    pub(super) text: String,
    pub(super) is_choice: bool,
    pub(super) is_number: bool,
    /// True for a list of names, which takes the whole line.
    pub(super) is_long: bool,
    /// True if the label is only for screen readers, because a row above shows it.
    pub(super) is_below: bool,
    pub(super) error: Option<String>,
}

type FieldLabel = (&'static str, &'static str);

/// The groups: the legend, the rule that explains it, a hint, and the fields with their labels.
const GROUPS: [(&str, &str, &str, &[FieldLabel]); 10] = [
    ("Points", "Merged", "Before factors.", &[("opened", "Opened"), ("merged", "Merged")]),
    (
        "Size bonus",
        "Size bonus",
        "By the number of changed lines, ascending. Leave a row empty to remove the band.",
        &[],
    ),
    (
        "Rating",
        "Rating (median)",
        "Factors of the merge award, by the median rating.",
        &[
            ("rating.5", "Factor for 5"),
            ("rating.4", "Factor for 4"),
            ("rating.3", "Factor for 3"),
            ("rating.2", "Factor for 2"),
            ("rating.1", "Factor for 1"),
        ],
    ),
    (
        "Tests and documentation",
        "Code with tests",
        "Factors of the merge award.",
        &[("tests", "Code with tests"), ("docs", "Code with documentation")],
    ),
    (
        "Type",
        "Type",
        "Factors of the merge award, by the label or the prefix of the title. Types that are not listed have the factor 1.",
        &[],
    ),
    (
        "Diminishing returns",
        "Diminishing returns",
        "By person, repository and month.",
        &[
            ("diminishing.after", "Merges that count in full"),
            ("diminishing.factor", "Factor of each further merge"),
            ("diminishing.floor", "Lowest factor"),
        ],
    ),
    (
        "Limits",
        "Cap",
        "By person and repository.",
        &[
            ("monthly_cap", "Most points in a month"),
            ("frequency.openings", "Pull requests in 24 hours"),
        ],
    ),
    (
        "Spam",
        "Spam",
        "A pull request with one of the labels earns no awards.",
        &[("spam.penalty", "Points deducted"), ("spam.labels", "Labels")],
    ),
    (
        "Low value",
        "Low value",
        "Taken off the merge award of small changes.",
        &[
            ("low_value.deduction", "Points deducted"),
            ("low_value.below_lines", "Below this many lines"),
            ("low_value.words", "Words in the title"),
            ("low_value.patches", "Up to 20 lines of only white space or one word of prose"),
        ],
    ),
    (
        "Not scored and pending",
        "Not scored",
        "Drafts and pull requests opened during a ban never earn points.",
        &[
            ("exclude.bots", "Do not score bots"),
            (
                "exclude.own_repositories",
                "Do not score pull requests to the author’s own repository",
            ),
            (
                "exclude.self_merges",
                "Do not score merges by the author without a review by another person",
            ),
            (
                "exclude.self_requested_merges",
                "Count who enabled auto-merge or used the merge queue as who merged",
            ),
            ("exclude.bot_reviewers", "Accounts whose reviews do not count"),
            ("minimum_account_age_days", "Minimum account age (days)"),
            ("maturing_days", "Pending period (days)"),
        ],
    ),
];

/// The rows that are empty after those of a document.
const EMPTY_ROWS: usize = 2;

/// Returns the form that shows a document, which may be invalid, with its errors.
pub(super) fn groups(document: &Value, errors: &[FieldError]) -> Vec<FieldGroup> {
    let default = serde_json::to_value(RulesDocument::default()).unwrap_or_default();
    let group = |(legend, rule, hint, fields): (_, &'static str, _, &[FieldLabel])| FieldGroup {
        legend,
        anchor: anchor(rule),
        hint,
        fields: fields.iter().map(|labeled| field(*labeled, document, &default, errors)).collect(),
        rows: match rule {
            "Size bonus" => bands(document, errors),
            "Type" => types(document, errors),
            _ => Vec::new(),
        },
    };
    GROUPS.into_iter().map(group).collect()
}

fn field(
    (path, label): FieldLabel,
    document: &Value,
    default: &Value,
    errors: &[FieldError],
) -> RuleField {
    let input = INPUTS.iter().find(|(name, _)| *name == path);
    let input = input.map_or(RuleInput::Number, |(_, input)| *input);
    let usual = text_at(default, path);
    let hint = match input {
        RuleInput::Choice => String::new(),
        RuleInput::Names if usual.is_empty() => {
            "Logins, separated by commas. Default: none".to_owned()
        }
        RuleInput::Names => format!("Separated by commas. Default: {usual}"),
        RuleInput::Number => {
            let (least, most) = range(path).unwrap_or_default();
            format!("{least} to {}, default {}", Number(most), exact(usual))
        }
    };
    RuleField {
        name: path.to_owned(),
        label,
        row: String::new(),
        hint,
        text: text_at(document, path),
        is_choice: input == RuleInput::Choice,
        is_number: input == RuleInput::Number,
        is_long: input == RuleInput::Names,
        is_below: false,
        error: error_at(errors, path),
    }
}

/// Returns the first error of a rule or its parts, as a sentence for the page.
fn error_at(errors: &[FieldError], path: &str) -> Option<String> {
    let is_within = |error: &&FieldError| {
        let rest = dotted(&error.pointer);
        let rest = rest.strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    errors.iter().find(is_within).map(sentence)
}

/// Returns the sentence of an error without the marks of code.
pub(super) fn sentence(error: &FieldError) -> String {
    error.message.replace('`', "")
}

fn dotted(pointer: &str) -> String {
    let path = pointer.trim_start_matches('/').replace('/', ".");
    path.replace("~1", "/").replace("~0", "~")
}

fn bands(document: &Value, errors: &[FieldError]) -> Vec<[RuleField; 2]> {
    let stated = document["size_bonus"].as_array();
    let mut rows: Vec<[String; 2]> = stated
        .into_iter()
        .flatten()
        .map(|band| ["lines", "points"].map(|part| text_of(&band[part])))
        .collect();
    rows.extend(std::iter::repeat_n(Default::default(), EMPTY_ROWS));
    let row = |(at, [lines, points]): (usize, [String; 2])| {
        let path = format!("size_bonus.{at}");
        let points_at = format!("{path}.points");
        let in_points = error_at(errors, &points_at);
        let in_lines = error_at(errors, &path).filter(|_| in_points.is_none());
        [
            cell(format!("{path}.lines"), "Lines", lines, in_lines),
            cell(points_at, "Points", points, in_points),
        ]
    };
    numbered(rows.into_iter().enumerate().map(row).collect())
}

/// Numbers rows for screen readers, and hides the labels of all but the first.
fn numbered(mut rows: Vec<[RuleField; 2]>) -> Vec<[RuleField; 2]> {
    for (at, row) in rows.iter_mut().enumerate() {
        for field in row {
            field.row = format!(" in row {}", at + 1);
            field.is_below = at > 0;
        }
    }
    rows
}

fn types(document: &Value, errors: &[FieldError]) -> Vec<[RuleField; 2]> {
    let stated = document["types"].as_object();
    let mut rows: Vec<(String, String)> = stated
        .into_iter()
        .flatten()
        .map(|(name, factor)| (name.clone(), text_of(factor)))
        .collect();
    rows.extend(std::iter::repeat_n(Default::default(), EMPTY_ROWS));
    let row = |(at, (name, factor)): (usize, (String, String))| {
        let error = if name.is_empty() && factor.is_empty() {
            None
        } else {
            error_at(errors, &format!("types.{name}"))
        };
        let path = format!("types.{at}");
        let mut typed = cell(format!("{path}.name"), "Type", name, None);
        typed.is_number = false;
        let factor = cell(format!("{path}.factor"), "Factor", factor, error);
        [typed, factor]
    };
    numbered(rows.into_iter().enumerate().map(row).collect())
}

fn cell(name: String, label: &'static str, text: String, error: Option<String>) -> RuleField {
    RuleField {
        name,
        label,
        row: String::new(),
        hint: String::new(),
        text,
        is_choice: false,
        is_number: true,
        is_long: false,
        is_below: false,
        error,
    }
}

/// An error above the form, with the ID of the field that has it.
pub(super) struct FormError {
    pub(super) field: Option<String>,
    pub(super) sentence: String,
}

/// Returns every error, with the field of `groups` that shows it.
pub(super) fn wrong(groups: &[FieldGroup], errors: &[FieldError]) -> Vec<FormError> {
    let fields =
        || groups.iter().flat_map(|group| group.fields.iter().chain(group.rows.iter().flatten()));
    let place = |error: &FieldError| {
        let sentence = sentence(error);
        let shown = fields().find(|field| field.error.as_ref() == Some(&sentence));
        FormError { field: shown.map(|field| field.name.clone()), sentence }
    };
    errors.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::form::document_of;

    fn all(groups: &[FieldGroup]) -> impl Iterator<Item = &RuleField> {
        groups.iter().flat_map(|group| group.fields.iter().chain(group.rows.iter().flatten()))
    }

    #[test]
    fn the_form_of_a_document_states_the_document() {
        let text = r#"{"merged": 60, "tests": 1.25, "types": {"level 1": 0.3}, "exclude": {"bots": false}, "spam": {"labels": ["junk"]}}"#;
        let document = RulesDocument::parse(text).expect("valid");
        let shown = serde_json::to_value(&document).expect("JSON");
        let groups = groups(&shown, &[]);
        let submitted = all(&groups)
            .filter(|field| !field.is_choice || field.text == "true")
            .map(|field| (field.name.clone(), field.text.clone()));
        let (stated, errors) = document_of(&submitted.collect::<Vec<_>>());
        assert_eq!(errors, []);
        assert_eq!(RulesDocument::parse(&stated.to_string()), Ok(document));
    }

    #[test]
    fn every_input_has_one_field() {
        let groups = groups(&Value::Null, &[]);
        let mut named: Vec<_> = groups
            .iter()
            .flat_map(|group| group.fields.iter().map(|field| field.name.clone()))
            .collect();
        named.sort_unstable();
        let mut inputs: Vec<_> = INPUTS.map(|(path, _)| path.to_owned()).into();
        inputs.sort_unstable();
        assert_eq!(named, inputs);
    }

    #[test]
    fn each_error_is_beside_its_field() {
        let text = r#"{"merged": -1, "rating": {"4": 11}, "size_bonus": [{"lines": 5, "points": -1}, {"lines": 3}],
            "types": {"fix": 99}, "spam": {"labels": [""]}, "nothing": 1}"#;
        let errors = RulesDocument::parse(text).expect_err("invalid");
        let groups = groups(&serde_json::from_str(text).expect("JSON"), &errors);
        let mut shown: Vec<_> =
            all(&groups).filter(|field| field.error.is_some()).map(|field| &*field.name).collect();
        shown.sort_unstable();
        let expected = [
            "merged",
            "rating.4",
            "size_bonus.0.points",
            "size_bonus.1.lines",
            "spam.labels",
            "types.0.factor",
        ];
        assert_eq!(shown, expected);
        let wrong = wrong(&groups, &errors);
        assert_eq!(wrong.len(), errors.len());
        let unplaced: Vec<_> = wrong.iter().filter(|wrong| wrong.field.is_none()).collect();
        assert_eq!(unplaced.len(), 1);
        assert!(unplaced[0].sentence.starts_with("nothing is not a known field"));
    }
}
