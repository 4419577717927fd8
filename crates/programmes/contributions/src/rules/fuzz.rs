//! Documents by maintainers, and titles, labels and paths by anyone, never cause a panic.

use super::{
    RulesDocument, labels, paths,
    slug::{from_name, is_slug},
    title::{conventional_type, telling_word},
};

/// A document that is accepted is stored, and must be accepted again in the form in which it is stored.
#[test]
fn rules_documents() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        match RulesDocument::parse(&text) {
            Ok(document) => {
                let stored = serde_json::to_string(&document).expect("JSON");
                assert_eq!(RulesDocument::parse(&stored), Ok(document), "{stored}");
            }
            Err(errors) => assert!(errors.iter().all(|error| !error.message.is_empty())),
        }
    });
}

/// The lines are a title or a path, and words.
#[test]
fn titles_labels_and_paths() {
    bolero::check!().for_each(|bytes: &[u8]| {
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
    });
}
