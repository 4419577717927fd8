//! Forms that are shown again when rejected: the typed values stay, and the error is shown next to its field.

use axum::{
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse as _, Response},
};
use kernel::{Problem, ProblemKind};
use platform::web::{self, WebError};

use crate::{PageResult, error::PageError, format::tame};

mod labels;
pub(crate) use labels::marker;
#[cfg(test)]
pub(crate) use labels::named;

/// The submitted fields of a form, and the reason why it was rejected.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    problem: Option<Problem>,
}

impl Form {
    pub(crate) fn new(fields: Vec<(String, String)>) -> Self {
        Self { fields, problem: None }
    }

    /// Sets the initial value of a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    /// Returns the submitted fields, in their order.
    #[must_use]
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// Returns the submitted value of a field, or an empty string if the form was not submitted.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value)
    }

    /// Returns the submitted value of a field, or `default` if the form was not submitted.
    #[must_use]
    pub fn value_or<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map_or(default, |(_, value)| value)
    }

    /// Returns true if a box was checked or a value chosen, or `default` if the form was not submitted.
    #[must_use]
    pub fn has(&self, name: &str, value: &str, default: bool) -> bool {
        if self.fields.is_empty() {
            default
        } else {
            self.fields.iter().any(|(field, is)| field == name && is == value)
        }
    }

    /// Returns the error of a field, if the form was rejected because of it.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<String> {
        self.problem.as_ref()?.of_field(name).as_deref().map(tame)
    }

    /// Returns the field that the form was rejected for.
    #[must_use]
    pub fn refused_field(&self) -> Option<&'static str> {
        self.problem.as_ref()?.field
    }

    /// Returns the rejected fields with their errors, in the order in which they were checked.
    #[must_use]
    pub fn refusals(&self) -> Vec<(&'static str, String)> {
        let rejected = self.problem.as_ref().map(Problem::rejected).unwrap_or_default();
        rejected.into_iter().map(|it| (it.field, tame(&it.detail))).collect()
    }

    /// Returns whether one of these fields was rejected, so that the part that folds them is open.
    #[must_use]
    pub fn refuses(&self, fields: &[&str]) -> bool {
        fields.iter().any(|field| self.error(field).is_some())
    }

    /// Returns the error for the banner above the form, if it was rejected.
    #[must_use]
    pub fn refusal(&self) -> Option<String> {
        self.problem.as_ref().map(|problem| tame(&problem.detail))
    }

    /// Shows the form again with its error by rendering its page. Errors that other input would not fix are
    /// passed on.
    ///
    /// # Errors
    /// When the error is not one that other input would fix, or the page cannot be rendered.
    pub async fn refused<F, R>(
        self,
        error: impl Into<WebError>,
        page: F,
    ) -> Result<Response, PageError>
    where
        F: FnOnce(Self) -> R,
        R: Future<Output = PageResult>,
    {
        let (form, status, waiting) = self.with_error(error.into())?;
        let fields = form.refusals();
        let Html(page) = page(form).await?;
        let page = Html(labels::named(page, &fields));
        Ok((status, waiting, page).into_response())
    }

    /// Keeps the error; returns the status and the headers of the response. Apart from `refused`, whose code is
    /// compiled for each page.
    fn with_error(mut self, error: WebError) -> Result<(Self, StatusCode, HeaderMap), PageError> {
        let problem = match error {
            WebError::Refused(problem) if is_correctable(problem.kind) => problem,
            other => return Err(other.into()),
        };
        let status = match problem.kind {
            ProblemKind::Conflict => StatusCode::CONFLICT,
            ProblemKind::TooManyRequests => web::status(problem.kind),
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let mut waiting = HeaderMap::new();
        web::put_retry_after(&mut waiting, &problem);
        self.problem = Some(problem);
        Ok((self, status, waiting))
    }
}

fn is_correctable(kind: ProblemKind) -> bool {
    use ProblemKind::{Conflict, Invalid, Malformed, NotFound, TooManyRequests};
    matches!(kind, Conflict | Invalid | Malformed | NotFound | TooManyRequests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unsubmitted_form_shows_its_defaults() {
        let form = Form::default();
        assert_eq!(form.value("name"), "");
        assert_eq!(form.value_or("days", "90"), "90");
        assert!(form.has("scope", "read", true) && form.refusal().is_none());
    }

    #[test]
    fn a_rejected_form_keeps_its_values_and_names_the_field() {
        let fields = vec![("name".to_owned(), "x".to_owned()), ("days".to_owned(), "0".to_owned())];
        let mut form = Form::new(fields);
        let detail = "A token lasts 1 to 366 days, not 0.";
        form.problem = Some(Problem::new(ProblemKind::Invalid, "BAD_LIFETIME", detail).at("days"));
        assert_eq!(form.value("name"), "x");
        assert_eq!(form.error("days").as_deref(), Some(detail));
        assert_eq!((form.error("name"), form.refused_field()), (None, Some("days")));
        assert_eq!(form.refusals(), [("days", detail.to_owned())]);
        assert!(form.refuses(&["name", "days"]) && !form.refuses(&["name"]));
        assert!(!form.has("scope", "read", true), "a box that was left empty");
    }

    #[test]
    fn a_form_with_several_errors_shows_each() {
        let bad = |field, detail: &str| Problem::new(ProblemKind::Invalid, "BAD", detail).at(field);
        let problem = bad("name", "Enter a name.").and(bad("days", "Enter the days."));
        let form = Form { problem: Some(problem), ..Form::default() };
        assert_eq!(form.error("days").as_deref(), Some("Enter the days."));
        let fields: Vec<_> = form.refusals().into_iter().map(|(field, _)| field).collect();
        assert_eq!((fields, form.refused_field()), (vec!["name", "days"], Some("name")));
    }
}
