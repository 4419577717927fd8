//! The parts of the list of work, and what of it a URL chooses.

use kernel::{Problem, ProblemKind};
use platform::work::Due;

/// The number of tasks on a page.
pub const WORK_ROWS: usize = 25;

/// The tasks of a person, or those that they may take, of which a part of the time is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkPart {
    /// True if no one has them.
    pub is_free: bool,
    pub due: Due,
    /// Their number on all pages.
    pub count: usize,
    /// The places in the list of those that the page shows.
    pub shown: Vec<usize>,
    /// The page on which they begin.
    pub begins: usize,
}

/// Parts a list by who has a task, in the order of the list, and by the time that is left. Parts without tasks are left out.
#[must_use]
pub fn work_parts(tasks: &[(bool, Due)], page: usize) -> Vec<WorkPart> {
    let page_of = |place: usize| place / WORK_ROWS + 1;
    let is_first = tasks.first().is_some_and(|(is_free, _)| *is_free);
    let parts =
        [is_first, !is_first].into_iter().flat_map(|is_free| Due::ALL.map(|due| (is_free, due)));
    let part = |(is_free, due): (bool, Due)| {
        let is_in = |place: &usize| tasks[*place] == (is_free, due);
        let places: Vec<usize> = (0..tasks.len()).filter(is_in).collect();
        let begins = page_of(*places.first()?);
        let count = places.len();
        let shown = places.into_iter().filter(|place| page_of(*place) == page).collect();
        Some(WorkPart { is_free, due, count, shown, begins })
    };
    parts.filter_map(part).collect()
}

/// Returns the chosen part of the time; `None` for all.
///
/// # Errors
/// When it is unknown, or the chosen kind is none of those that there are.
pub fn chosen_work<'a>(
    kind: &str,
    due: &str,
    mut kinds: impl Iterator<Item = &'a str>,
) -> Result<Option<Due>, Problem> {
    let bad = |detail| Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail);
    if !kind.is_empty() && !kinds.any(|known| known == kind) {
        let detail = format!("kind is '{kind}', which is no kind of work. Choose one at /work.");
        return Err(bad(detail));
    }
    let found = Due::ALL.into_iter().find(|own| own.code() == due);
    if found.is_none() && !due.is_empty() {
        let known = Due::ALL.map(Due::code).join(", ");
        return Err(bad(format!("due is '{due}'. Use one of {known}.")));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the parts of a page: the share, the time, the numbers of all tasks and of those shown, and the first page.
    fn parts(tasks: &[(bool, Due)], page: usize) -> Vec<String> {
        let part = |part: WorkPart| {
            let share = if part.is_free { "free" } else { "own" };
            let (due, shown) = (part.due.code(), part.shown.len());
            format!("{share} {due} {} {shown} {}", part.count, part.begins)
        };
        work_parts(tasks, page).into_iter().map(part).collect()
    }

    #[test]
    fn own_tasks_come_before_those_that_are_free() {
        let tasks = [(false, Due::Week), (false, Due::Later), (true, Due::Late), (true, Due::Week)];
        let expected = ["own week 1 1 1", "own later 1 1 1", "free late 1 1 1", "free week 1 1 1"];
        assert_eq!(parts(&tasks, 1), expected);
        assert_eq!(work_parts(&tasks, 1)[2].shown, [2]);
        assert!(work_parts(&[], 1).is_empty());
    }

    #[test]
    fn each_task_is_counted_on_each_page() {
        let mut tasks = vec![(false, Due::Week); 20];
        tasks.extend([(true, Due::Late); 30]);
        assert_eq!(parts(&tasks, 1), ["own week 20 20 1", "free late 30 5 1"]);
        assert_eq!(parts(&tasks, 2), ["own week 20 0 1", "free late 30 25 1"]);
        let tasks: Vec<_> = [(false, Due::Week); 10].into_iter().chain(tasks).collect();
        assert_eq!(parts(&tasks, 1), ["own week 30 25 1", "free late 30 0 2"]);
        assert_eq!(parts(&tasks, 3), ["own week 30 0 1", "free late 30 10 2"]);
    }

    #[test]
    fn unknown_choices_are_refused() {
        for (kind, due, says) in [
            ("", "", None),
            ("review", "late", None),
            ("none", "", Some("kind is 'none', which is no kind of work. Choose one at /work.")),
            ("", "soon", Some("due is 'soon'. Use one of stuck, late, day, week, later, open.")),
        ] {
            let problem = chosen_work(kind, due, ["flag", "review"].into_iter()).err();
            assert_eq!(problem.as_ref().map(|problem| &*problem.detail), says, "{kind} {due}");
        }
        let chosen = chosen_work("flag", "open", ["flag"].into_iter());
        assert_eq!(chosen.expect("known"), Some(Due::Open));
    }
}
