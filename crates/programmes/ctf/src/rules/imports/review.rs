use std::collections::BTreeMap;

use platform::folded::FoldedText;

use super::{BadRow, Candidate, RosterRows};
use crate::rules::{links, profile::Profile};

platform::codes! {
    /// States if a line is about the person of the same name.
    Answer {
        Same = "same", "The same person";
        Other = "other", "Another person";
    }
}

/// A competitor of the roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownPerson {
    pub name: String,
    pub grade: Option<i64>,
    /// The email addresses.
    pub addresses: Vec<String>,
}

/// A line about a person who is on the roster, or in an earlier line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub line: usize,
    pub name: String,
    /// The person, such as "Ada Quill, grade 10, on the roster".
    pub like: String,
}

/// A line with the name of a person on the roster or in an earlier line, but without their email address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub candidate: Candidate,
    /// The person, such as "Ada Quill, grade 10, on the roster".
    pub like: String,
    /// True unless both have an address, which differs, or both have a grade, and another one.
    pub is_likely: bool,
}

/// The result of each line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    pub add: Vec<Candidate>,
    pub known: Vec<Seen>,
    pub questions: Vec<Question>,
    pub bad: Vec<BadRow>,
}

impl Review {
    /// Returns whether a line waits for a correction or an answer.
    #[must_use]
    pub fn is_open(&self, line: usize) -> bool {
        self.bad.iter().any(|row| row.line == line)
            || self.questions.iter().any(|it| it.candidate.line == line)
    }

    /// Returns a digest of the people to add, by which a form states what a person has seen.
    #[must_use]
    pub fn digest(&self) -> String {
        links::digest(&format!("{:?}", self.add))
    }
}

struct Person {
    folded: String,
    has_address: bool,
    grade: Option<i64>,
    like: String,
}

#[derive(Default)]
struct People {
    all: Vec<Person>,
    by_address: BTreeMap<String, usize>,
    by_name: BTreeMap<String, usize>,
}

impl People {
    fn add(&mut self, person: Person, addresses: &[String]) {
        let place = self.all.len();
        for address in addresses {
            self.by_address.entry(address.to_ascii_lowercase()).or_insert(place);
        }
        self.by_name.entry(person.folded.clone()).or_insert(place);
        self.all.push(person);
    }

    fn with_address(&self, addresses: &[String]) -> Option<&Person> {
        let mut places = addresses.iter().map(|it| self.by_address.get(&it.to_ascii_lowercase()));
        places.find_map(|place| self.all.get(*place?))
    }

    fn named(&self, folded: &str) -> Option<&Person> {
        self.all.get(*self.by_name.get(folded)?)
    }
}

/// Decides about each line, in order: a person with the name and an address of one on the roster, or in an earlier line, is known,
/// one with the name only is asked about, and an address of another name is an error. So no one is added twice, and no one is
/// left out for the address of another person. The answers are by line.
#[must_use]
pub fn review(
    rows: RosterRows,
    known: &[KnownPerson],
    answers: &BTreeMap<usize, Answer>,
) -> Review {
    let mut people = People::default();
    for person in known {
        let KnownPerson { name, grade, addresses } = person;
        let like = format!("{name}{}, on the roster", in_words(*grade));
        let has_address = !addresses.is_empty();
        let person = Person { folded: folded(name), has_address, grade: *grade, like };
        people.add(person, addresses);
    }
    let mut review = Review { bad: rows.bad, ..Review::default() };
    for candidate in rows.good {
        decide(candidate, &mut people, answers, &mut review);
    }
    review.bad.sort_by_key(|row| row.line);
    review
}

fn decide(
    candidate: Candidate,
    people: &mut People,
    answers: &BTreeMap<usize, Answer>,
    review: &mut Review,
) {
    let Candidate { line, profile } = &candidate;
    let (line, name, grade) = (*line, profile.name(), profile.grade);
    let (folded, own) = (folded(&name), addresses(profile));
    let seen = |person: &Person| Seen { line, name: name.clone(), like: person.like.clone() };
    if let Some(person) = people.with_address(&own) {
        if person.folded == folded {
            review.known.push(seen(person));
        } else {
            let reason = format!(
                "{} has the same email address. Correct or remove the address if this is another person, \
                 otherwise remove the line.",
                person.like
            );
            review.bad.push(BadRow { line, reason });
        }
        return;
    }
    let like = format!("{name}{}, in line {line}", in_words(grade));
    let has_address = !own.is_empty();
    let new = Person { folded: folded.clone(), has_address, grade, like };
    match (people.named(&folded), answers.get(&line)) {
        (Some(person), Some(Answer::Same)) => {
            review.known.push(seen(person));
            return;
        }
        (Some(person), None) => {
            let same_grade = person.grade.is_none() || grade.is_none() || person.grade == grade;
            let is_likely = same_grade && !(person.has_address && has_address);
            let like = person.like.clone();
            review.questions.push(Question { candidate, like, is_likely });
        }
        (None, _) | (Some(_), Some(Answer::Other)) => review.add.push(candidate),
    }
    people.add(new, &own);
}

fn in_words(grade: Option<i64>) -> String {
    grade.map_or(String::new(), |grade| format!(", grade {grade}"))
}

fn addresses(profile: &Profile) -> Vec<String> {
    [&profile.email_school, &profile.email_personal].into_iter().flatten().cloned().collect()
}

/// Returns a name without accents, marks, capitals and order, by which the same person is recognized.
fn folded(name: &str) -> String {
    let text = FoldedText::of(name).as_str().replace(['\'', '’'], "");
    let words = text.split(|c: char| !c.is_alphanumeric());
    let mut words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    if words.is_empty() { name.to_lowercase() } else { words.join(" ") }
}
