//! The programme's part in the tests of all modules.

use super::{claims::rows, importing, personal, repositories, watching};
use crate::{
    app::{TestApp, programme::ProgrammeTests},
    auth::rows::{
        Access::{Admin, Open},
        NONE, Row,
    },
};

pub(crate) const TESTS: ProgrammeTests = ProgrammeTests {
    rows: &[
        ROWS,
        rows::ROWS,
        personal::rows::ROWS,
        repositories::ROWS,
        watching::ROWS,
        importing::ROWS,
    ],
    objects: &[rows::OBJECTS, watching::OBJECTS],
    prepare: |app| {
        Box::pin(async {
            rows::prepare(app).await;
            repositories::prepare(app).await;
        })
    },
    act: |app, login| Box::pin(act(app, login)),
};

/// Performs every audited action with a person.
async fn act(app: &TestApp, login: &str) {
    let claim = rows::ended(app, login).await;
    let ratings = discovery::rules::claims::ratings(Some(2.0), Some(3), Some(4));
    let person = app.person_id(login).await.into();
    let rated =
        discovery::actions::rate_claim(app.context(), person, claim, ratings.expect("valid"));
    rated.await.expect("rated");
    rows::claimed(app, login).await;
    let stated = discovery::rules::preferences::StatedPreferences::default();
    let stated = discovery::actions::state_preferences(app.context(), person, &stated).await;
    stated.expect("stated");
    watching::act(app, login).await;
}

/// The opportunity is that of the rows of claims.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("GET", "/discover", "/discover", NONE, Open(200)),
    ("GET", "/admin/discovery/model", "/admin/discovery/model", NONE, Admin(200)),
    ("GET", "/discover/{id}", "/discover/01900000-0000-7000-8000-0000000000d1", NONE, Open(200)),
    ("GET", "/api/v1/opportunities", "/api/v1/opportunities", NONE, Open(200)),
    ("GET", "/api/v1/opportunities/{id}", "/api/v1/opportunities/01900000-0000-7000-8000-0000000000d1", NONE, Open(200)),
];
