//! Decides how repositories are found by their names, languages and topics.

use uuid::Uuid;

use crate::model::RepositoryFacts;

/// The share of a repository from which a language is one of those that it is found by.
const SHARE: f64 = 0.1;

/// Returns the languages and topics that a repository is found by, as one text: `|l:rust|t:cli|`.
#[must_use]
pub fn facets(repository: &RepositoryFacts) -> String {
    let all: i64 = repository.languages.iter().map(|(_, size)| size.max(&0)).sum();
    let languages = repository.languages.iter().enumerate();
    let languages =
        languages.filter(|(place, (_, size))| *place == 0 || *size as f64 >= SHARE * all as f64);
    let languages = languages.map(|(_, (name, _))| format!("l:{}", key(name)));
    let topics = repository.topics.iter().map(|topic| format!("t:{}", key(topic)));
    let mut facets = String::from("|");
    for facet in languages.chain(topics) {
        facets.push_str(&facet);
        facets.push('|');
    }
    facets
}

/// Returns a name as it is compared.
#[must_use]
pub fn key(name: &str) -> String {
    let kept = name.chars().filter(|c| *c != '|' && !c.is_control());
    kept.collect::<String>().trim().to_lowercase()
}

/// Parses a place in a list by a number: `number.id`.
#[must_use]
pub fn numbered_place(cursor: &str) -> Option<(i64, Uuid)> {
    let (number, id) = cursor.split_once('.')?;
    let is_plain = number.len() <= 19 && !number.starts_with('+');
    let number = number.parse().ok().filter(|_| is_plain)?;
    Some((number, Uuid::try_parse(id).ok()?))
}

/// Formats a place in a list by a number.
#[must_use]
pub fn numbered_cursor((number, id): (i64, Uuid)) -> String {
    format!("{number}.{}", id.simple())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_found_by_their_main_languages_and_topics() {
        let repository = RepositoryFacts {
            languages: vec![
                ("Rust".to_owned(), 800),
                ("C++".to_owned(), 150),
                ("Shell".to_owned(), 50),
            ],
            topics: vec!["cli".to_owned(), "a|b".to_owned()],
            ..RepositoryFacts::default()
        };
        assert_eq!(facets(&repository), "|l:rust|l:c++|t:cli|t:ab|");
        assert_eq!(facets(&RepositoryFacts::default()), "|");
        let small = RepositoryFacts {
            languages: vec![("Zig".to_owned(), 0)],
            ..RepositoryFacts::default()
        };
        assert_eq!(facets(&small), "|l:zig|");
    }

    #[test]
    fn places_round_trip() {
        let place = (-12, Uuid::from_u128(7));
        assert_eq!(numbered_place(&numbered_cursor(place)), Some(place));
        for wrong in ["", "1", "1.", "x.1", "+1.00000000-0000-0000-0000-000000000007", "1.2.3"] {
            assert_eq!(numbered_place(wrong), None, "{wrong}");
        }
    }
}
