use std::time::Duration;

use anyhow::{Result, ensure};
use kernel::{Clock as _, Timestamp};

use super::{
    Process,
    machine::{host, may_run},
    store::all,
};
use crate::{
    SystemClock,
    crypto::{KeyRing, SecretKey},
    db::Db,
};

/// How often the rows are compared before another key is believed: a rotation reaches each process within seconds.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(1);

/// Fails when another process that runs on this database encrypts with a key that is not in the ring.
///
/// # Errors
/// When there is one, or the rows or the keys cannot be read.
pub async fn refuse_other_key(ring: &KeyRing, db: &Db) -> Result<()> {
    let mut tries = 0;
    while let Some(other) = stranger(all(db).await?, ring, SystemClock.now()) {
        tries += 1;
        ensure!(
            tries < TRIES,
            "{} runs on this database with another secret key, so that each could not read what the other stores. Give this \
             process the same key, from secret.key or GUILDHALL_SECRET_KEY there. If that process ended without a word, start \
             again in a minute. If its key is wrong, stop it first, and follow \"Lost secret key\" in docs/operations.md",
            other.name()
        );
        tokio::time::sleep(PAUSE).await;
        ring.look()?;
    }
    Ok(())
}

/// Returns a process in contact whose key is not in the ring.
fn stranger(processes: Vec<Process>, ring: &KeyRing, now: Timestamp) -> Option<Process> {
    let keys = ring.keys();
    let own: Vec<String> = keys.all().iter().map(SecretKey::fingerprint).collect();
    let mut others = processes.into_iter().filter(|process| process.is_in_contact(now));
    others.find(|process| !own.contains(&process.key_fingerprint) && !has_ended(process))
}

/// Returns true if a process was on this machine and has ended, also if this process has its number now, as in a container.
fn has_ended(process: &Process) -> bool {
    let is_own = process.process_id == i64::from(std::process::id());
    process.host == host() && (is_own || !may_run(process.process_id))
}
