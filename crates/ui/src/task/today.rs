//! A task as the home page says it: in sentences.

use super::TaskView;
use crate::{
    Pic,
    format::{Present, tame},
};

/// The most characters of words that are to be answered.
const QUOTE: usize = 160;

impl TaskView {
    /// Returns what waits, in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        ended(tame(self.waits))
    }

    /// Returns what is left in a sentence: "46 h are left."; empty without a deadline.
    #[must_use]
    pub fn remains(&self) -> String {
        let verb = if self.span.starts_with("1\u{a0}") { "is" } else { "are" };
        match self.word {
            "left" => format!("{} {verb} left.", self.span),
            "late" => format!("It is {} late.", self.span),
            _ => String::new(),
        }
    }

    /// Returns the words that are to be answered, or the person who waits; else empty.
    #[must_use]
    pub fn why(&self) -> String {
        match &self.person {
            _ if !self.quote.is_empty() => format!("“{}”", short(&tame(&self.quote))),
            Some(person) if self.is_name => format!("{} waits for your answer.", person.called()),
            _ => String::new(),
        }
    }

    /// Returns since when it waits, by day: "since today", "for 3 days".
    #[must_use]
    pub fn waited(&self, now: &impl Present) -> String {
        match (now.now().date_naive() - self.since.0.date_naive()).num_days() {
            ..=0 => "since today".to_owned(),
            1 => "since yesterday".to_owned(),
            days => format!("for {days} days"),
        }
    }

    /// Returns true if it is about a thing whose picture is shown elsewhere on the page.
    #[must_use]
    pub fn is_of(&self, kind: &str, slug: &str) -> bool {
        self.picture.as_ref().is_some_and(|(own, name)| *own == kind && name == slug)
    }

    /// Returns another picture of the thing that it is about, for a page that has the first one.
    #[must_use]
    pub fn other_pic(&self) -> Pic {
        match &self.picture {
            Some((kind, slug)) => Pic::field(kind, slug, None),
            None => self.pic(),
        }
    }
}

/// Adds a full stop to a sentence without a mark at its end.
fn ended(mut sentence: String) -> String {
    if !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    sentence
}

/// Cuts a text at the most characters.
fn short(text: &str) -> String {
    match text.char_indices().nth(QUOTE) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use platform::{
        module::Audience,
        work::{Task, TaskIcon, TaskKind, TaskPerson, TaskText},
    };

    use super::*;
    use crate::format::Instant;

    const KIND: TaskKind = TaskKind {
        code: "review",
        label: "Reviews",
        one: "Review",
        list: "/work?kind=review",
        waits: "A pull request waits for your review",
        icon: TaskIcon::Review,
        picture: None,
        is_about: true,
        is_taken: None,
        is_stuck: false,
        audience: Audience::SignedIn,
        flag: None,
        target: None,
        rows: |_| String::new(),
        text: |_| TaskText::default(),
    };

    fn at(text: &str) -> kernel::Timestamp {
        text.parse().expect("an instant")
    }

    fn task(title: &str, is_name: bool) -> Task {
        Task {
            kind: &KIND,
            title: title.to_owned(),
            is_name,
            line: String::new(),
            action: "Review",
            address: String::new(),
            since: at("2026-12-01T23:00:00Z"),
            due: None,
            slug: String::new(),
            person: None,
            quote: String::new(),
            is_free: false,
        }
    }

    fn view(task: &Task) -> TaskView {
        TaskView::of(task, at("2026-12-03T01:00:00Z"))
    }

    #[test]
    fn sentences_say_what_waits_and_why() {
        let submit = view(&task("Submit your project to Lighthouse Days", false));
        assert_eq!(submit.sentence(), "A pull request waits for your review.");
        assert_eq!(submit.why(), "");
        let person = TaskPerson { login: "wren-oak".to_owned(), ..TaskPerson::default() };
        let asked = Task { person: Some(person), ..task("Handle it", true) };
        assert_eq!(view(&asked).why(), "wren-oak waits for your answer.");
        let quoted = Task { quote: "x".repeat(200), ..asked };
        assert_eq!(view(&quoted).why(), format!("“{}…”", "x".repeat(160)));
    }

    #[test]
    fn what_is_left_is_said_in_words() {
        for (due, words) in [
            ("2026-12-03T02:30:00Z", "1\u{a0}h is left."),
            ("2026-12-04T23:00:00Z", "46\u{a0}h are left."),
            ("2026-12-02T23:00:00Z", "It is 2\u{a0}h late."),
        ] {
            let view = view(&Task { due: Some(at(due)), ..task("Why?", true) });
            assert_eq!(view.remains(), words);
        }
        assert_eq!(view(&task("Why?", true)).remains(), "");
    }

    #[test]
    fn days_of_waiting_are_counted() {
        let view = view(&task("Why?", true));
        for (now, words) in [
            ("2026-12-01T23:30:00Z", "since today"),
            ("2026-12-02T01:00:00Z", "since yesterday"),
            ("2026-12-04T01:00:00Z", "for 3 days"),
        ] {
            assert_eq!(view.waited(&Instant(at(now))), words);
        }
    }
}
