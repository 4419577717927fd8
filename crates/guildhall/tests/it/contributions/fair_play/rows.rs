//! Rows of the permission matrix for reports and excluded repositories.

use contributions::{
    actions::{ReportInput, report},
    model::ReportReason,
};

use crate::auth::{
    objects::{Make, ObjectRow},
    rows::{
        Access::{Moderator, SignedIn},
        Form, NONE, Row,
    },
};

const REASON: Form = &[("reason", "to try")];

/// A report of a repository that no project has: each person reports once, so that real ones are in `reports.rs`.
const REPORT: Form = &[("repository", "octo-org/none"), ("reason", "spam")];

#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    ("GET", "/reports/new", "/reports/new?repository=octo-org/lantern", NONE, SignedIn(200)),
    ("POST", "/reports", "/reports", REPORT, SignedIn(404)),
    ("POST", "/api/v1/reports", "/api/v1/reports", REPORT, SignedIn(404)),
    ("GET", "/api/v1/reports/{id}", "/api/v1/reports/018f2f4e-0000-7000-8000-000000000001", NONE, SignedIn(404)),
    ("GET", "/admin/fair-play/repositories", "/admin/fair-play/repositories", NONE, Moderator(200)),
    ("GET", "/admin/fair-play/repositories/{github_id}", "/admin/fair-play/repositories/1", NONE, Moderator(200)),
    ("POST", "/admin/fair-play/repositories/{github_id}/exclude", "/admin/fair-play/repositories/404/exclude", REASON, Moderator(404)),
    ("POST", "/admin/fair-play/repositories/{github_id}/include", "/admin/fair-play/repositories/404/include", REASON, Moderator(404)),
    ("GET", "/api/v1/admin/repositories/excluded", "/api/v1/admin/repositories/excluded", NONE, Moderator(200)),
    ("GET", "/api/v1/admin/repositories/{github_id}/exclusion", "/api/v1/admin/repositories/1/exclusion", NONE, Moderator(200)),
    ("PUT", "/api/v1/admin/repositories/{github_id}/exclusion", "/api/v1/admin/repositories/404/exclusion", REASON, Moderator(404)),
    ("DELETE", "/api/v1/admin/repositories/{github_id}/exclusion", "/api/v1/admin/repositories/404/exclusion?reason=to+try", NONE, Moderator(404)),
];

/// A report that the person made.
const OWN_REPORT: Make = |app, owner| {
    Box::pin(async move {
        let input = ReportInput {
            repository: "octo-org/lantern".to_owned(),
            number: Some(1),
            reason: ReportReason::Spam,
            words: String::new(),
        };
        let person = app.person_id(owner).await.into();
        let made = report(app.context(), person, &input).await;
        vec![made.expect("reported").to_string()]
    })
};

pub(crate) const OBJECTS: &[ObjectRow] = &[("GET", "/api/v1/reports/{id}", OWN_REPORT, NONE, 200)];
