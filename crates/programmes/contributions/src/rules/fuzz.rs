//! Documents by maintainers, and titles, labels and paths by anyone, never cause a panic.

use super::{
    Candidate, RulesDocument, form, labels, paths,
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
                assert_eq!(
                    RulesDocument::parse(&stored).as_ref(),
                    Ok(&document),
                    "{stored}"
                );
                let stated = Candidate::of(document.clone()).text;
                assert_eq!(
                    RulesDocument::parse(&stated).as_ref(),
                    Ok(&document),
                    "{stated}"
                );
                if let Ok(candidate) = Candidate::read(&text) {
                    let again = RulesDocument::parse(&candidate.text);
                    assert_eq!(again, Ok(document), "{}", candidate.text);
                }
            }
            Err(errors) => assert!(errors.iter().all(|error| !error.message.is_empty())),
        }
    });
}

/// Each line is a field of the form: its name, `=` and its text. What a form states can be shown in it again.
#[test]
fn rules_forms() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let fields = text.lines().filter_map(|line| line.split_once('='));
        let fields: Vec<_> = fields
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .collect();
        let (document, errors) = form::document_of(&fields);
        assert!(errors.iter().all(|error| !error.message.is_empty()));
        for (path, _) in form::INPUTS {
            let _ = form::text_at(&document, path);
        }
        if let Ok(candidate) = Candidate::read(&document.to_string()) {
            let stated = Candidate::of(candidate.document.clone()).text;
            assert_eq!(
                RulesDocument::parse(&stated),
                Ok(candidate.document),
                "{stated}"
            );
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
