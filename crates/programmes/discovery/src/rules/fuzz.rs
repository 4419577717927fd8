use testkit::growth::{SHAPES, linear, linear_in, linear_of, linear_text};

use super::{
    analysis::{analyze, summary},
    body::{Body, unquoted, weight},
    claims::{number, place},
    doable::{Undoable, undoable},
    health::health,
    judged::{JudgedDocument, JudgedQuery, json_line, judgments},
    labels::{meaning, plain},
    listing::{facets, key, numbered_cursor, numbered_place},
    phrases::{MOST_CHARACTERS, Text},
    preferences::{self, StatedPreferences},
    projects::project,
    reply, skills,
    tests::now,
    words::{grams, numbers, words},
};
use crate::model::{IssueFacts, RepositoryFacts};

#[test]
fn words_of_texts() {
    bolero::check!().with_type::<String>().for_each(linear_text(|text: &String| {
        for word in words(text) {
            assert!(!word.text.is_empty());
            assert!(text.get(word.start..word.end).is_some());
        }
        assert!(grams(text).iter().all(|gram| gram.chars().count() == 4));
        assert!(numbers(text).len() <= 10);
    }));
}

#[test]
fn cursors_and_fields_of_claims() {
    let id = "01931b6e-6c00-7000-8000-000000000020";
    assert!(place(&format!("2.{id}")).is_some() && place(&format!("3.{id}")).is_none());
    bolero::check!().with_type::<String>().for_each(linear_text(|text: &String| {
        assert!(place(text).is_none_or(|(rank, _)| (0..=2).contains(&rank)));
        let hours = number::<f64>(text, "hours");
        assert!(hours.is_ok() || !text.trim().is_empty());
    }));
}

#[test]
fn stated_preferences() {
    bolero::check!().with_type::<String>().for_each(linear_text(|text: &String| {
        let number = preferences::number("hours_a_week", text).unwrap_or_default();
        let terms = preferences::divided(text);
        let stated = StatedPreferences {
            skills: terms.clone(),
            languages: terms.clone(),
            types: terms,
            level: Some(text.clone()),
            digest_time: Some(text.clone()),
            hours_a_week: number,
            ..StatedPreferences::default()
        };
        if let Ok(own) = preferences::preferences(&stated) {
            assert!(own.skills.iter().all(|own| own.chars().count() <= 50));
            assert!(own.hours_a_week.is_none_or(|own| (0.0..=168.0).contains(&own)));
        }
    }));
}

#[test]
fn files_of_projects() {
    let file = |link: &str| format!("name: L\nupforgrabs:\n  name: help\n  link: {link}\n");
    assert!(project(&file("https://github.com/octo-org/lantern/labels/a%20b")).is_ok());
    let target = |(text, is_whole): &(String, bool)| {
        let text = if *is_whole {
            text.clone()
        } else {
            file(&format!("https://github.com/octo-org/lantern/labels/{text}"))
        };
        if let Ok(read) = project(&text) {
            assert!(github::rules::names::is_full_name(&read.repository));
            assert!(!read.name.contains('\0'));
            let label = read.label.unwrap_or_default();
            assert!(label.chars().count() <= 50 && !label.chars().any(char::is_control));
        }
    };
    let whole = |text: &str| (text.to_owned(), true);
    let label = |text: &str| (text.to_owned(), false);
    let target = linear_of(&SHAPES, whole, linear_of(&SHAPES, label, target));
    bolero::check!().with_type::<(String, bool)>().for_each(target);
}

#[test]
fn names_and_cursors_of_repositories() {
    bolero::check!().with_type::<String>().for_each(linear_text(|text: &String| {
        if let Some(place) = numbered_place(text) {
            assert_eq!(numbered_place(&numbered_cursor(place)), Some(place));
        }
        assert_eq!(key(&key(text)), key(text));
        let repository =
            RepositoryFacts { topics: vec![text.clone()], ..RepositoryFacts::default() };
        assert_eq!(facets(&repository), format!("|t:{}|", key(text)));
    }));
}

#[test]
fn judged_sets() {
    bolero::check!().with_type::<String>().for_each(linear_text(|text: &String| {
        for (index, line) in text.lines().enumerate() {
            if let Ok(query) = json_line::<JudgedQuery>(index, line) {
                assert!(!query.id.contains(char::is_whitespace));
            }
            let _ = json_line::<JudgedDocument>(index, line);
        }
        if let Ok(of) = judgments(text) {
            assert!(of.values().all(|grades| !grades.is_empty()));
        }
    }));
}

fn read_issue(title: &str, body: &str, label: &str) {
    let issue = IssueFacts {
        title: title.to_owned(),
        body: body.to_owned(),
        labels: vec![label.to_owned()],
        opened_at: now(),
        active_at: now(),
        ..IssueFacts::default()
    };
    let repository =
        RepositoryFacts { topics: vec![label.to_owned()], ..RepositoryFacts::default() };
    let found = analyze(&issue, &repository, &health(&repository, now()), now());
    assert!((0.0..=10.0).contains(&found.overall) && found.skills.len() <= 8);
    let closed = IssueFacts { is_closed: true, ..issue.clone() };
    assert_eq!(undoable(&closed, &repository, now()), Some(Undoable::Closed));
    let _ = undoable(&issue, &repository, now());
    assert!(summary(body, 80).chars().count() <= 80);
}

#[test]
fn titles_descriptions_and_labels_of_issues() {
    _ = linear_in(
        &["- [ ] a\n", "1. ", "a://", "\"a ", "`a{n}.rs:{n} ", "**"],
        |bytes: &[u8]| {
            read_issue("", &String::from_utf8_lossy(bytes), "");
        },
    );
    bolero::check!()
        .with_type::<(String, String, String)>()
        .for_each(|(title, body, label)| read_issue(title, body, label));
}

#[test]
fn parts_of_descriptions() {
    bolero::check!().with_type::<String>().for_each(linear_text(|text: &String| {
        let body = Body::read(text);
        assert!(body.prose.len() <= text.len() + 1 && body.headings.len() <= 32);
        assert!(weight(&body.prose) <= 3 * text.chars().count());
        assert!(unquoted(text).chars().count() <= text.chars().count() + text.lines().count() + 1);
        let words = Text::read(text);
        assert!(words.words().all(|word| !word.is_empty()));
        assert!(words.len() <= MOST_CHARACTERS);
        assert_eq!(plain(&plain(text)), plain(text));
        assert_eq!(meaning(&plain(text)), meaning(text));
        assert!(skills::named(text).is_none_or(|name| skills::all().contains(&name)));
    }));
}

#[test]
fn replies_of_models() {
    let is_plain = |text: &str| {
        !text.chars().any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{200b}'))
    };
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        assert!(is_plain(&reply::clean(&text)));
        for vector in reply::vectors(&text, 1).map_or_else(|_| Vec::new(), |(read, _)| read) {
            assert!(vector.len() == 384 && vector.iter().all(|x| x.is_finite()));
        }
        let completion = reply::completion(&text).ok();
        let content = completion.and_then(|completion| completion.content.ok());
        for content in content.iter().map(String::as_str).chain([&*text]) {
            let Ok(read) = reply::analysis(content) else {
                continue;
            };
            let lists = [&read.required_skills, &read.hints, &read.challenges];
            assert!(
                lists.iter().all(|list| list.len() <= 8 && list.iter().all(|line| is_plain(line)))
            );
            assert!(is_plain(&read.summary) && read.summary.chars().count() <= 1_000);
            assert!((0.25..=200.0).contains(&read.estimated_hours));
        }
    }));
}
