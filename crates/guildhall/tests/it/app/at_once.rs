//! Many people at once.

use identity::model::UserId;
use platform::{ActionError, db::Fault};

use super::TestApp;

/// Returns people who exist, without sessions: `hacker-0` and so on.
pub(crate) async fn people(app: &TestApp, count: usize) -> Vec<UserId> {
    let mut people = Vec::new();
    for number in 0..count {
        let login = format!("hacker-{number}");
        app.know_created(&login, None).await;
        people.push(app.person_id(&login).await.into());
    }
    people
}

/// Repeats an action that got no connection to the database in time, as clients do. It has changed nothing.
pub(crate) async fn patiently<T, F>(act: impl Fn() -> F) -> Result<T, ActionError>
where
    F: Future<Output = Result<T, ActionError>>,
{
    for _ in 0..20 {
        match act().await {
            Err(ActionError::Db(error)) if error.fault() == Fault::Unavailable => {}
            outcome => return outcome,
        }
    }
    act().await
}
