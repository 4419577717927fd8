//! Rows of the routes of badges.

use platform::audit::Actor::Operator;
use recognition::{
    actions::{NewBadge, award_badge, create_badge},
    model::Rarity,
    rules::badges::{BadgeTexts, Criteria},
};

use super::{
    objects::{Make, ObjectRow},
    rows::{
        Access::{Admin, Open, SignedIn},
        Form, NONE, Row,
    },
};
use crate::app::TestApp;

/// A badge whose slug is taken.
const TAKEN: Form = &[
    ("slug", "first-merge"),
    ("name", "First"),
    ("description", "The first one."),
    ("criteria", r#"{"kind": "first_pr"}"#),
    ("rarity", "COMMON"),
];

const BY_PAGE: Form = &[
    ("slug", "made-by-page"),
    ("name", "Made by a page"),
    ("description", "For the matrix."),
    ("criteria", r#"{"kind": "manual"}"#),
    ("rarity", "RARE"),
];

const BY_API: Form = &[
    ("slug", "made-by-api"),
    ("name", "Made by the API"),
    ("description", "For the matrix."),
    ("criteria", r#"{"kind": "manual"}"#),
    ("rarity", "RARE"),
];

/// A person who has the badge `first-merge`.
const HOLDER: Form = &[("login", "subject"), ("reason", "to try")];
/// A person who does not.
const NO_HOLDER: Form = &[("login", "other"), ("reason", "to try")];
const REASON: Form = &[("reason", "to try")];

const NOTHING: Make = |_, _| Box::pin(async { Vec::new() });
const BADGE: Make = |app, _| Box::pin(async move { vec![badge(app).await] });
const HELD: Make = |app, _| Box::pin(async move { vec![held(app).await] });
const AWARD: Make = |app, _| Box::pin(async move { vec![held(app).await, "other".to_owned()] });

/// Creates a badge that only admins award; returns its slug.
async fn badge(app: &TestApp) -> String {
    let count = app.count("SELECT count(*) FROM badges").await;
    let new = NewBadge {
        texts: BadgeTexts {
            slug: format!("badge-{count}"),
            name: "Helping hand".to_owned(),
            description: "For people who help others.".to_owned(),
        },
        criteria: Criteria::Manual,
        rarity: Rarity::Rare,
    };
    let badge = create_badge(app.context(), Operator, new).await;
    badge.expect("created").slug
}

/// Creates a badge that `other` has; returns its slug.
async fn held(app: &TestApp) -> String {
    let slug = badge(app).await;
    award_badge(app.context(), Operator, &slug, "other", "to try").await.expect("awarded");
    slug
}

/// A badge of the person, whose login is in the path.
const OWN: Make = |app, owner| {
    Box::pin(async move {
        let slug = badge(app).await;
        award_badge(app.context(), Operator, &slug, owner, "to try").await.expect("awarded");
        vec![owner.to_owned(), slug]
    })
};

pub(super) const BADGE_OBJECTS: &[ObjectRow] = &[
    ("GET", "/api/v1/people/{login}/badges/{slug}/credential", OWN, NONE, 200),
    ("POST", "/admin/badges/new", NOTHING, BY_PAGE, 303),
    ("POST", "/api/v1/badges", NOTHING, BY_API, 201),
    ("POST", "/admin/badges/{slug}/award", BADGE, NO_HOLDER, 303),
    ("POST", "/admin/badges/{slug}/revoke", HELD, NO_HOLDER, 303),
    ("POST", "/api/v1/badges/{slug}/holders", BADGE, NO_HOLDER, 204),
    ("DELETE", "/api/v1/badges/{slug}/holders/{login}", AWARD, REASON, 204),
];

#[rustfmt::skip]
pub(super) const BADGE_ROWS: &[Row] = &[
    ("GET", "/badges", "/badges", NONE, Open(200)),
    ("GET", "/badges/{slug}", "/badges/first-merge", NONE, Open(200)),
    ("GET", "/badges/{slug}/image.svg", "/badges/first-merge/image.svg", NONE, Open(200)),
    ("GET", "/api/v1/badges", "/api/v1/badges", NONE, Open(200)),
    ("GET", "/api/v1/badges/{slug}", "/api/v1/badges/first-merge", NONE, Open(200)),
    ("GET", "/api/v1/badges/{slug}/holders", "/api/v1/badges/first-merge/holders", NONE, Open(200)),
    ("GET", "/api/v1/people/{login}/badges", "/api/v1/people/subject/badges", NONE, Open(200)),
    ("GET", "/api/v1/schemas/badge-criteria", "/api/v1/schemas/badge-criteria", NONE, Open(200)),
    ("GET", "/api/v1/people/{login}/badges/{slug}/credential", "/api/v1/people/subject/badges/first-merge/credential", NONE, SignedIn(404)),
    ("GET", "/badges/revocations.json", "/badges/revocations.json", NONE, Open(200)),
    ("GET", "/.well-known/jwks.json", "/.well-known/jwks.json", NONE, Open(200)),
    ("GET", "/admin/badges", "/admin/badges", NONE, Admin(200)),
    ("POST", "/admin/badges/evaluate", "/admin/badges/evaluate", NONE, Admin(303)),
    ("GET", "/admin/badges/new", "/admin/badges/new", NONE, Admin(200)),
    ("POST", "/admin/badges/new", "/admin/badges/new", TAKEN, Admin(409)),
    ("GET", "/admin/badges/{slug}", "/admin/badges/first-merge", NONE, Admin(200)),
    ("POST", "/admin/badges/{slug}", "/admin/badges/first-merge", TAKEN, Admin(303)),
    ("POST", "/admin/badges/{slug}/retire", "/admin/badges/streak-24/retire", NONE, Admin(303)),
    ("POST", "/admin/badges/{slug}/restore", "/admin/badges/streak-24/restore", NONE, Admin(303)),
    ("POST", "/admin/badges/{slug}/award", "/admin/badges/first-merge/award", HOLDER, Admin(409)),
    ("POST", "/admin/badges/{slug}/revoke", "/admin/badges/first-merge/revoke", NO_HOLDER, Admin(409)),
    ("POST", "/api/v1/badges", "/api/v1/badges", TAKEN, Admin(409)),
    ("PATCH", "/api/v1/badges/{slug}", "/api/v1/badges/first-merge", &[("rarity", "COMMON")], Admin(200)),
    ("POST", "/api/v1/badges/{slug}/holders", "/api/v1/badges/first-merge/holders", HOLDER, Admin(409)),
    ("DELETE", "/api/v1/badges/{slug}/holders/{login}", "/api/v1/badges/first-merge/holders/other?reason=to+try", NONE, Admin(409)),
];
