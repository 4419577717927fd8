//! The programme's part in the tests of all modules.

use super::claims::rows;
use crate::app::{TestApp, programme::ProgrammeTests};

pub(crate) const TESTS: ProgrammeTests = ProgrammeTests {
    rows: &[rows::ROWS],
    objects: &[rows::OBJECTS],
    prepare: |app| Box::pin(rows::prepare(app)),
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
}
