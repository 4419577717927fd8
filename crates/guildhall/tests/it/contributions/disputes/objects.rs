//! Disputes and overrides for the permission matrix.

use contributions::{
    actions::{OverrideInput, override_score},
    model::{DisputeKind, OverrideKind},
    rules::disputes::DisputeStage,
};
use platform::audit::Actor::Operator;

use crate::{
    app::{
        TestApp,
        scenarios::{Scenario, person, repo},
    },
    auth::{
        objects::{Make, ObjectRow},
        rows::Form,
    },
};

/// The person who opened dispute 1.
pub(crate) const OPENER: &str = "dispute-opener";

/// Opens dispute 1, about a warning in the season.
pub(crate) async fn prepare(app: &TestApp) {
    app.browser_of(OPENER).await;
    let warning = app.warns(OPENER, Operator).await;
    app.disputes(OPENER, DisputeKind::Sanction, &warning).await;
}

/// A dispute of the person that is upheld.
const UPHELD: Make = |app, owner| {
    Box::pin(async move {
        let warning = app.warns(owner, Operator).await;
        let number = app.disputes(owner, DisputeKind::Sanction, &warning).await;
        let decided = app.decides("admin", number, DisputeStage::Dispute, false).await;
        decided.expect("decided");
        vec![number.to_string()]
    })
};

/// Delivers a pull request of a person.
async fn pull(app: &TestApp, number: i64, author: &str) -> Vec<String> {
    let (repo, author) = (repo(1, "lantern"), person(author));
    let scenario = Scenario::opened(&repo, number, &author, "2026-10-30T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    ["octo-org", "lantern", &number.to_string()].map(str::to_owned).into()
}

/// The pull requests of the person that the forms name.
const OWN_77: Make = |app, owner| {
    Box::pin(async move {
        pull(app, 77, owner).await;
        Vec::new()
    })
};
const OWN_78: Make = |app, owner| {
    Box::pin(async move {
        pull(app, 78, owner).await;
        Vec::new()
    })
};

/// A pull request of someone else.
const PULL: Make = |app, _| {
    Box::pin(async move {
        let sql = "SELECT 300 + count(*) FROM pull_requests";
        let number = app.count(sql).await;
        pull(app, number, "subject").await
    })
};

/// The same, with points that are overridden.
const OVERRIDDEN: Make = |app, owner| {
    Box::pin(async move {
        let made = PULL(app, owner).await;
        let number = made[2].parse().expect("a number");
        let id = app.pull_id("lantern", number).await;
        let input =
            OverrideInput { kind: OverrideKind::None, points: None, reason: "to try".to_owned() };
        override_score(app.context(), Operator, id, &input).await.expect("overridden");
        made
    })
};

const CONTEST_77: Form =
    &[("kind", "score"), ("target", "octo-org/lantern#77"), ("text", "to try")];
const CONTEST_78: Form =
    &[("kind", "score"), ("target", "octo-org/lantern#78"), ("text", "to try")];
const TEXT: Form = &[("text", "to try")];
const OVERRIDE: Form = &[("kind", "none"), ("reason", "to try")];
const REASON: Form = &[("reason", "to try")];

#[rustfmt::skip]
pub(crate) const OBJECTS: &[ObjectRow] = &[
    ("POST", "/disputes", OWN_77, CONTEST_77, 303),
    ("POST", "/api/v1/disputes", OWN_78, CONTEST_78, 201),
    ("POST", "/disputes/{number}/appeal", UPHELD, TEXT, 303),
    ("POST", "/api/v1/disputes/{number}/appeal", UPHELD, TEXT, 204),
    ("POST", "/pull-requests/{owner}/{repository}/{number}/override", PULL, OVERRIDE, 303),
    ("POST", "/pull-requests/{owner}/{repository}/{number}/override/lift", OVERRIDDEN, REASON, 303),
    ("PUT", "/api/v1/pull-requests/{owner}/{repository}/{number}/override", PULL, OVERRIDE, 204),
    ("DELETE", "/api/v1/pull-requests/{owner}/{repository}/{number}/override", OVERRIDDEN, REASON, 204),
];
