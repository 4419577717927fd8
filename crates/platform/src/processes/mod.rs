//! The processes of an installation: servers and workers, each with a row that it renews while it runs. From these rows, any of them
//! and `doctor` know whether someone runs the background jobs. Owns `processes`.

mod key;
mod life;
mod machine;
mod noticed;
mod rules;
mod store;
mod tables;

use kernel::Timestamp;
use sea_orm::FromQueryResult;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::{DbError, Sql};

pub use key::refuse_other_key;
pub use life::{Life, OwnProcess};
pub use noticed::Noticed;
pub use rules::{Asker, SILENT, at_work, at_work_since, findings, no_one_works, two_keys};
pub(crate) use rules::{failing_services, full_disks, refused_signatures};
pub use store::all;
pub(crate) use tables::migration;

/// A server or a worker of this installation, as it described itself last.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult, Serialize, ToSchema)]
pub struct Process {
    /// Its ID, which is new at each start.
    pub id: Uuid,
    /// When it started.
    #[serde(rename = "since")]
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// How it was started: `serve`, `serve --no-jobs`, `worker`, `worker --only` or `demo`.
    pub kind: String,
    /// Its version, with the commit that it was built from, if known.
    pub version: String,
    /// The name of its machine or container.
    pub host: String,
    /// Its number on that machine.
    pub process_id: i64,
    /// True if it runs all background jobs.
    pub does_jobs: bool,
    /// When it was last in contact. Three missed contacts, 50 seconds, mean that it is gone.
    #[schema(value_type = String, format = DateTime)]
    pub last_seen_at: Timestamp,
    /// A keyed hash of the secret key that it encrypts with.
    #[serde(skip)]
    pub key_fingerprint: String,
    /// The deliveries with a wrong signature that it refused in the last hour.
    pub refused_signatures: i64,
    /// The address of a private network that forwarded requests in the last hour without being a trusted proxy.
    pub forwarded_by: Option<String>,
    /// The outside services that have been failing for minutes, a line each: the name, a colon and the reason.
    #[serde(skip)]
    pub failing_services: String,
    /// Which of its disks has little space left, in a sentence.
    pub low_disk: Option<String>,
}

impl Process {
    /// Returns true if it was in contact within the last 50 seconds. An instant in the future is from a wrong clock.
    #[must_use]
    pub fn is_in_contact(&self, now: Timestamp) -> bool {
        (now - self.last_seen_at).abs() <= SILENT
    }

    /// Returns its description in a sentence: "worker 4711 on db-1".
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {} on {}", self.kind, self.process_id, self.host)
    }
}

/// Returns by how much the clock of this machine differs from the database's, if that is much, and the next step.
///
/// # Errors
/// When the database fails.
pub async fn off_clock(db: &impl Sql) -> Result<Option<String>, DbError> {
    Ok(rules::off_clock(store::clock_ahead(db).await?))
}
