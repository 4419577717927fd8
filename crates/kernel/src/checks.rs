//! Collection of the problems of several fields.

use crate::Problem;

/// Collects the problems of the fields of a form, so that a person learns all of them at once.
///
/// ```
/// use kernel::{Checks, Problem, ProblemKind};
///
/// let bad = |field| Problem::new(ProblemKind::Invalid, "BAD_BODY", "Enter it.").at(field);
/// let mut checks = Checks::default();
/// let name: String = checks.read(Err(bad("name")));
/// let days: i64 = checks.read_or(Err(bad("days")), 7);
/// let problem = checks.finish((name, days)).expect_err("two fields");
/// let fields: Vec<_> = problem.fields.iter().map(|it| it.field).collect();
/// assert_eq!(fields, ["name", "days"]);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "problems that are collected are not reported until `finish`"]
pub struct Checks {
    found: Option<Problem>,
}

impl Checks {
    /// Continues after a problem that was found before, if one was.
    pub fn after(found: Option<Problem>) -> Self {
        Self { found }
    }

    /// Returns the first problem, with the fields of all; `None` if no problem was collected.
    #[must_use]
    pub fn problem(self) -> Option<Problem> {
        self.found
    }

    /// Returns the value that a field has. A problem is collected, and the default of the type takes the place of the value.
    pub fn read<T: Default>(&mut self, result: Result<T, Problem>) -> T {
        self.read_or(result, T::default())
    }

    /// Returns the value that a field has. A problem is collected, and `substitute` takes the place of the value.
    pub fn read_or<T>(&mut self, result: Result<T, Problem>, substitute: T) -> T {
        self.value(result).unwrap_or(substitute)
    }

    /// Returns the value that a field has; `None` if it has a problem, which is collected.
    pub fn value<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.refuse(problem)).ok()
    }

    /// Collects a problem.
    pub fn refuse(&mut self, problem: Problem) {
        let found = Self { found: self.found.take() };
        self.found = Some(found.and(problem));
    }

    /// Returns whether none of these fields has a problem, so that what connects them can be checked.
    #[must_use]
    pub fn are_fine(&self, fields: &[&str]) -> bool {
        let found = self.found.as_ref();
        found.is_none_or(|problem| !fields.iter().any(|field| problem.rejects(field)))
    }

    /// Returns whether no problem was collected.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.found.is_none()
    }

    /// Returns what was collected, with a last problem.
    #[must_use]
    pub fn and(self, last: Problem) -> Problem {
        match self.found {
            None => last,
            Some(first) => first.and(last),
        }
    }

    /// Returns `value` if no problem was collected.
    ///
    /// # Errors
    /// When one was. The problem is the first, with the fields of all.
    pub fn finish<T>(self, value: T) -> Result<T, Problem> {
        match self.found {
            None => Ok(value),
            Some(problem) => Err(problem),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FieldProblem, ProblemKind};

    fn bad(field: &'static str, detail: &str) -> Problem {
        Problem::new(ProblemKind::Invalid, "BAD_BODY", detail).at(field)
    }

    #[test]
    fn values_pass_if_all_are_fine() {
        let mut checks = Checks::default();
        let name = checks.read(Ok("Low Tide".to_owned()));
        let days = checks.read_or(Ok(3), 7);
        assert!(checks.is_clean() && checks.are_fine(&["name", "days"]));
        assert_eq!(checks.finish((name, days)), Ok(("Low Tide".to_owned(), 3)));
    }

    #[test]
    fn one_problem_stays_as_it_is() {
        let mut checks = Checks::default();
        assert_eq!(checks.value::<i64>(Err(bad("days", "Enter it."))), None);
        assert_eq!(checks.finish(()), Err(bad("days", "Enter it.")));
    }

    #[test]
    fn several_problems_name_each_field() {
        let mut checks = Checks::default();
        let _: String = checks.read(Err(bad("name", "Enter a name.")));
        assert!(checks.are_fine(&["days"]) && !checks.are_fine(&["days", "name"]));
        checks.refuse(bad("days", "Enter the days."));
        checks.refuse(bad("days", "Enter the days."));
        checks.refuse(bad("days", "Not a Sunday."));
        let problem = checks.finish(()).expect_err("problems");
        assert_eq!((problem.field, &*problem.detail), (Some("name"), "Enter a name."));
        let field = |field, detail: &str| FieldProblem { field, detail: detail.to_owned() };
        assert_eq!(
            problem.fields,
            [
                field("name", "Enter a name."),
                field("days", "Enter the days."),
                field("days", "Not a Sunday."),
            ]
        );
        assert_eq!(problem.of_field("days").as_deref(), Some("Enter the days. Not a Sunday."));
        assert_eq!(problem.of_field("slug"), None);
    }

    #[test]
    fn a_collection_continues_after_a_problem() {
        assert!(Checks::after(None).is_clean());
        let mut checks = Checks::after(Some(bad("name", "Enter a name.")));
        checks.refuse(bad("days", "Enter the days."));
        let problem = checks.problem().expect("problems");
        assert_eq!((problem.field, problem.fields.len()), (Some("name"), 2));
        assert_eq!(Checks::default().problem(), None);
    }

    #[test]
    fn a_collection_joins_another() {
        let mut first = Checks::default();
        first.refuse(bad("name", "Enter a name."));
        first.refuse(bad("slug", "Enter a slug."));
        let mut second = Checks::default();
        second.refuse(bad("days", "Enter the days."));
        let inner: Result<(), Problem> = first.finish(());
        second.value(inner);
        let problem = second.finish(()).expect_err("problems");
        let fields: Vec<_> = problem.fields.iter().map(|it| it.field).collect();
        assert_eq!(fields, ["days", "name", "slug"]);
    }

    #[test]
    fn a_problem_without_a_field_keeps_those_of_others() {
        let mut checks = Checks::default();
        checks.refuse(Problem::new(ProblemKind::Conflict, "CLOSED", "It is closed."));
        checks.refuse(bad("name", "Enter a name."));
        let problem = checks.finish(()).expect_err("problems");
        assert_eq!((problem.code, problem.field), ("CLOSED", None));
        assert_eq!(problem.of_field("name").as_deref(), Some("Enter a name."));
    }
}
