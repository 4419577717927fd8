use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where new ids come from. An argument, so that a test controls it.
pub trait Ids: Send + Sync + 'static {
    /// A fresh UUIDv7: ids made later sort later.
    fn next(&self) -> Uuid;
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }
    )+};
}

id! {
    /// A person: `users.id`.
    UserId,
    /// One account of a person at a provider: `user_identities.id`.
    IdentityId,
    /// An entry of the ledger: `point_transactions.id`.
    TransactionId,
    /// An accepted delivery: `webhook_deliveries.id`.
    DeliveryId,
    /// A registered repository: `repositories.id`.
    RepositoryId,
    /// A pull request as GitHub states it: `pull_requests.id`.
    PullRequestId,
    /// A project of a programme: `projects.id`.
    ProjectId,
    /// What the programme says of one pull request: `contributions.id`.
    ContributionId,
}
