//! The page that explains each problem code. The `type` of a problem document is its address.

use askama::Template;
use axum::Extension;
use platform::module::{Modules, ProblemCode};
use ui::{PageResult, show};

use super::text::{prose_of, sentence};

#[derive(Template)]
#[template(path = "docs_problems.html")]
struct ProblemsPage {
    problems: Vec<Explained>,
}

/// A problem code as HTML.
struct Explained {
    code: &'static str,
    meaning: String,
    next: String,
}

impl From<ProblemCode> for Explained {
    fn from(problem: ProblemCode) -> Self {
        Self {
            code: problem.code,
            meaning: prose_of(&sentence(problem.meaning)),
            next: prose_of(problem.next),
        }
    }
}

/// `GET /docs/problems`.
pub(super) async fn problems(Extension(modules): Extension<Modules>) -> PageResult {
    show(&ProblemsPage { problems: modules.problems().into_iter().map(Into::into).collect() })
}
