//! Accounts as GitHub itself describes them.

use std::collections::BTreeMap;

use identity::{
    model::{AccountKind, Authority, GithubAccount, PersonIdentity, UserId},
    reads::accounts_created,
};
use kernel::Timestamp;

use super::{TestApp, scenarios::person};

impl TestApp {
    /// Stores accounts; returns their people by GitHub ID.
    pub(crate) async fn know(
        &self,
        accounts: impl IntoIterator<Item = GithubAccount>,
    ) -> BTreeMap<i64, PersonIdentity> {
        let tx = self.context().begin().await.expect("a transaction");
        let authority = Authority::Github;
        let known = identity::actions::know_accounts(&tx, self.context(), authority, accounts);
        let known = known.await.expect("known");
        tx.commit().await.expect("committed");
        known
    }

    /// Has GitHub state when a person's account was created, or not state it.
    pub(crate) async fn know_created(&self, login: &str, created_at: Option<Timestamp>) {
        let (id, now) = (person(login).id, self.context().now());
        let account = GithubAccount::new(id, login.to_owned(), AccountKind::User, now);
        let stated = GithubAccount { created_at, ..account };
        self.know([stated]).await;
    }

    /// Returns when the account of a person was created, if it is known here.
    pub(crate) async fn created(&self, login: &str) -> Option<Timestamp> {
        let person: UserId = self.person_id(login).await.into();
        let created = accounts_created(&self.context().db, [person]).await;
        created.expect("read").remove(&person)
    }
}
