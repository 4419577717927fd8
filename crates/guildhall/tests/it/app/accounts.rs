//! Accounts as GitHub itself describes them.

use std::collections::BTreeMap;

use identity::model::{Authority, GithubAccount, Known};

use super::TestApp;

impl TestApp {
    /// Stores accounts; returns their people by GitHub ID.
    pub(crate) async fn know(
        &self,
        accounts: impl IntoIterator<Item = GithubAccount>,
    ) -> BTreeMap<i64, Known> {
        let tx = self.context().begin().await.expect("a transaction");
        let authority = Authority::Github;
        let known = identity::actions::know_accounts(&tx, self.context(), authority, accounts);
        let known = known.await.expect("known");
        tx.commit().await.expect("committed");
        known
    }
}
