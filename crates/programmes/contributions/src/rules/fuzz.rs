//! Documents by maintainers, and titles, labels, paths and targets of disputes by anyone, never cause a panic.

use github::model::PatchedFile;
use testkit::growth::linear;

use super::{
    Candidate, RulesDocument,
    analytics::{ContributorPlace, DayRange},
    disputes::DisputeTarget,
    form, labels, paths,
    seasons::{ChosenProject, SeasonDays, chosen_days, correction_of, day, name_of},
    title::{conventional_type, telling_word},
    trivial::{PatchContent, patch_content},
};
use crate::model::DisputeKind;
use platform::slug::{from_name, is_slug};

/// A document that is accepted is stored, and must be accepted again in the form in which it is stored.
#[test]
fn rules_documents() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        match RulesDocument::parse(&text) {
            Ok(document) => {
                let stored = serde_json::to_string(&document).expect("JSON");
                assert_eq!(RulesDocument::parse(&stored).as_ref(), Ok(&document), "{stored}");
                let stated = Candidate::of(document.clone()).text;
                assert_eq!(RulesDocument::parse(&stated).as_ref(), Ok(&document), "{stated}");
                if let Ok(candidate) = Candidate::read(&text) {
                    let again = RulesDocument::parse(&candidate.text);
                    assert_eq!(again, Ok(candidate.document), "{}", candidate.text);
                }
            }
            Err(errors) => assert!(errors.iter().all(|error| !error.message.is_empty())),
        }
    }));
}

/// Each line is a field of the form: its name, `=` and its text. What a form states can be shown in it again.
#[test]
fn rules_forms() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let fields = text.lines().filter_map(|line| line.split_once('='));
        let fields: Vec<_> =
            fields.map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        let (document, errors) = form::document_of(&fields);
        assert!(errors.iter().all(|error| !error.message.is_empty()));
        for (path, _) in form::INPUTS {
            let _ = form::text_at(&document, path);
        }
        if let Ok(candidate) = Candidate::read(&document.to_string()) {
            let stated = Candidate::of(candidate.document.clone()).text;
            assert_eq!(RulesDocument::parse(&stated), Ok(candidate.document), "{stated}");
        }
    }));
}

/// The lines are a title or a path, and words.
#[test]
fn titles_labels_and_paths() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let (title, words) = text.split_once('\n').unwrap_or((&text, ""));
        let words: Vec<String> = words.lines().map(str::to_lowercase).collect();
        if let Some(kind) = conventional_type(title) {
            assert!(title.trim_start().starts_with(kind), "{title}");
        }
        if let Some(word) = telling_word(title, &words) {
            assert!(words.iter().any(|known| known == word), "{word}");
        }
        let label = labels::normalize(title);
        let _ = labels::type_key(title);
        let _ = labels::first_of(&words, &[label]);
        let _ = paths::sort_of(title);
        if let Some(slug) = from_name(title) {
            assert!(is_slug(&slug), "{slug:?} from {title:?}");
        }
    }));
}

/// The first line is a path, the rest is its patch, as GitHub states it.
#[test]
fn patches() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let (path, patch) = text.split_once('\n').unwrap_or((&text, ""));
        let count = |sign: char| patch.split('\n').filter(|line| line.starts_with(sign)).count();
        let (additions, deletions) = (count('+') as i64, count('-') as i64);
        let file = |additions| PatchedFile {
            path: path.to_owned(),
            status: "modified".to_owned(),
            additions,
            deletions,
            patch: Some(patch.to_owned()),
        };
        let found = patch_content(&[file(additions)]);
        assert!(found.is_some(), "{text}");
        if found == Some(PatchContent::WhiteSpace) {
            assert!(additions + deletions > 0, "{text}");
        }
        if additions + deletions > 0 && found != patch_content(&[]) {
            assert_eq!(patch_content(&[file(additions + 1)]), None, "{text}");
        }
    }));
}

/// A day that is accepted is stored, and must be accepted again in the form in which it is stored. So are numbers of
/// corrections and chosen projects in the form in which pages show them.
#[test]
fn days_of_seasons() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(found) = day("first_day", &text) {
            assert_eq!(day("first_day", &found.to_string()), Ok(found), "{text}");
            let days = SeasonDays { first: found, last: found };
            let span = days.span(chrono_tz::Tz::Europe__Berlin);
            assert!(span.starts_at < span.ends_at, "{text}");
        }
        if let Ok(number) = correction_of(&text) {
            assert_eq!(correction_of(&number.to_string()), Ok(number), "{text}");
        }
        let chosen = ChosenProject::read(&text);
        if let Some(version) = chosen.based_on {
            let value = format!("{}@{version}", chosen.slug);
            assert_eq!(ChosenProject::read(&value), chosen, "{text}");
        }
        if let Some(days) = chosen_days(&text) {
            let value = format!("{}/{}", days.first, days.last);
            assert_eq!(chosen_days(&value), Some(days), "{text}");
            assert!(!name_of(days).is_empty(), "{text}");
        }
    }));
}

/// The lines are the first and the last day of a range. What is accepted is accepted again in the form in which pages show it.
#[test]
fn ranges_and_places_of_analytics() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let (from, to) = text.split_once('\n').unwrap_or((&text, ""));
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap_or_default();
        if let Ok(range) = DayRange::read(from, to, today) {
            let (first, last) = (range.first.to_string(), range.last.to_string());
            assert_eq!(DayRange::read(&first, &last, today), Ok(range), "{text}");
            assert!((1..=106).contains(&range.weeks().count()), "{text}");
        }
        if let Some(place) = ContributorPlace::read(from) {
            let again = ContributorPlace::read(&place.to_string());
            assert_eq!(again, Some(place), "{text}");
        }
    }));
}

/// A target that is read can be written and read again.
#[test]
fn targets_of_disputes() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        for kind in DisputeKind::ALL {
            let written = match DisputeTarget::read(kind, &text) {
                Ok(DisputeTarget::Pull { full_name, number }) => {
                    assert!(number > 0, "{text}");
                    format!("{full_name}#{number}")
                }
                Ok(DisputeTarget::Flag(number)) => format!("F-{number}"),
                Ok(DisputeTarget::Sanction(id) | DisputeTarget::Ban(id)) => id.to_string(),
                Err(problem) => {
                    assert!(!problem.detail.is_empty());
                    continue;
                }
            };
            assert_eq!(DisputeTarget::read(kind, &written), DisputeTarget::read(kind, &text));
        }
    }));
}
