//! The present step of an open pull request, in words.

use kernel::Timestamp;
use platform::module::PanelFigure;
use ui::format::{Instant, Number, tame};

use crate::{
    reads::{OpenPull, OwnOpen},
    rules::State,
};

/// The present step of a pull request, in words around its instants.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The words before the instant at which the step began.
    pub(super) says: String,
    pub(super) since: Option<Instant>,
    /// The words before the instant by which an answer is due; empty without one.
    pub(super) due_says: &'static str,
    pub(super) due: Option<Instant>,
}

impl Step {
    pub(super) fn of(pull: &OpenPull, now: Timestamp) -> Self {
        let quiet = pull.active_at.filter(|_| pull.abandoned_at.is_some_and(|at| at <= now));
        if let Some(at) = quiet {
            let says = "Nothing has happened since".to_owned();
            return Self { says, since: Some(Instant(at)), due_says: "", due: None };
        }
        let (says, since) = match (pull.state, &pull.reviewer) {
            (State::Approved, _) => {
                ("A maintainer merges it next, approved".to_owned(), pull.approved_at)
            }
            (State::UnderReview, Some(who)) if pull.reviewing_since.is_some() => {
                (format!("{} began to review it", tame(who.called())), pull.reviewing_since)
            }
            (State::UnderReview, _) => {
                ("A maintainer reviews it, opened".to_owned(), Some(pull.opened_at))
            }
            _ => ("Waits for a reviewer, opened".to_owned(), Some(pull.opened_at)),
        };
        let due = pull.stale_at.filter(|_| pull.state != State::Approved);
        let due_says = match due {
            None => "",
            Some(at) if at <= now => "an answer was due",
            Some(_) => "an answer is due",
        };
        Self { says, since: since.map(Instant), due_says, due: due.map(Instant) }
    }
}

/// Returns the figure of pending points; `None` without any.
pub(super) fn pending(found: &OwnOpen) -> Option<PanelFigure> {
    let until =
        found.pending_until.map(|at| format!("; the first are yours on {}", at.format("%-d %B")));
    (found.pending != 0).then(|| PanelFigure {
        label: "Pending",
        value: Number(found.pending).to_string(),
        detail: format!("not in your points yet{}", until.unwrap_or_default()),
        rows: None,
    })
}

#[cfg(test)]
mod tests {
    use platform::work::TaskPerson;

    use super::*;

    fn at(day: u32) -> Timestamp {
        format!("2026-11-{day:02}T09:00:00Z").parse().expect("an instant")
    }

    fn pull(state: State) -> OpenPull {
        OpenPull {
            title: String::new(),
            full_name: "octo-org/lantern".to_owned(),
            number: 1,
            state,
            opened_at: at(1),
            approved_at: Some(at(3)),
            active_at: Some(at(2)),
            stale_at: Some(at(9)),
            abandoned_at: Some(at(20)),
            reviewing_since: None,
            reviewer: None,
        }
    }

    #[test]
    fn a_row_says_who_has_it_and_since_when() {
        let wren = TaskPerson { login: "wren-oak".to_owned(), ..TaskPerson::default() };
        let reviewed = OpenPull {
            reviewer: Some(wren),
            reviewing_since: Some(at(4)),
            ..pull(State::UnderReview)
        };
        let is_due = "an answer is due";
        for (pull, day, says, since, due_says) in [
            (pull(State::Open), 5, "Waits for a reviewer, opened", 1, is_due),
            (pull(State::Open), 9, "Waits for a reviewer, opened", 1, "an answer was due"),
            (pull(State::UnderReview), 5, "A maintainer reviews it, opened", 1, is_due),
            (reviewed, 5, "wren-oak began to review it", 4, is_due),
            (pull(State::Approved), 5, "A maintainer merges it next, approved", 3, ""),
            (pull(State::Open), 21, "Nothing has happened since", 2, ""),
        ] {
            let step = Step::of(&pull, at(day));
            let expected = (says, Some(Instant(at(since))), due_says);
            assert_eq!((step.says.as_str(), step.since, step.due_says), expected);
            assert_eq!(step.due.is_some(), !due_says.is_empty());
        }
    }

    #[test]
    fn pending_points_are_a_figure() {
        assert!(pending(&OwnOpen::default()).is_none());
        let found = OwnOpen { pending: 85, pending_until: Some(at(7)), ..OwnOpen::default() };
        let figure = pending(&found).expect("a figure");
        assert_eq!(
            (figure.value.as_str(), figure.detail.as_str()),
            ("85", "not in your points yet; the first are yours on 7 November",)
        );
    }
}
