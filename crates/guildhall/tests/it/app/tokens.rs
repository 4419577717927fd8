//! Personal tokens.

use identity::{
    actions::{NewToken, create_token},
    model::{Means, Role, Scope, Viewer},
};

use super::TestApp;

impl TestApp {
    /// A token of a person that lasts for thirty days.
    pub(crate) async fn token(&self, login: &str, scopes: &[Scope]) -> String {
        let viewer = Viewer {
            by: Means::Session(uuid::Uuid::nil()),
            user_id: self.person_id(login).await.into(),
            login: login.to_owned(),
            role: Role::User,
            ban: None,
        };
        let new = NewToken {
            name: "CI",
            scopes: scopes.iter().copied().collect(),
            days: 30,
        };
        let made = create_token(self.context(), &viewer, new).await;
        made.expect("a token").1
    }
}
