//! Personal tokens.

use identity::{
    actions::{NewToken, begin_family, create_token},
    model::{Credential, Device, Factor, Role, Scope, Viewer},
};
use kernel::Timestamp;

use super::{TestApp, logs};

impl TestApp {
    /// Creates a personal token that lasts thirty days.
    pub(crate) async fn token(&self, login: &str, scopes: &[Scope]) -> String {
        let viewer = self.viewer(login).await;
        let new = NewToken { name: "CI", scopes: scopes.iter().copied().collect(), days: 30 };
        let made = create_token(self.context(), &viewer, new).await;
        let token = made.expect("a token").1;
        logs::plant(&token);
        token
    }

    /// Creates an access token with its own session.
    pub(crate) async fn access(&self, login: &str) -> String {
        self.access_since(login, self.context().now()).await
    }

    /// Creates an access token with its own session at `since`.
    pub(crate) async fn access_since(&self, login: &str, since: Timestamp) -> String {
        let (viewer, signer) =
            (self.viewer(login).await, identity::rules::Signer::of(&self.server));
        let context = self.context();
        let begun = begin_family(context, &signer, &viewer, &Device::default()).await;
        let access = begun.expect("a family").access;
        let access = signer.read(&access, context.now()).expect("just made");
        let token = signer.issue(access, since);
        logs::plant(&token);
        token
    }

    /// Returns a person as a request of theirs names them.
    pub(crate) async fn viewer(&self, login: &str) -> Viewer {
        Viewer {
            by: Credential::Session(uuid::Uuid::nil()),
            user_id: self.person_id(login).await.into(),
            login: login.to_owned(),
            who: ui::Who::of(login),
            role: Role::User,
            granted: Role::User,
            factor: Factor::Absent,
            ban: None,
            theme: None,
        }
    }
}
