//! The checks of what would otherwise fail without a sign: that someone runs the background jobs and keeps up with them, that there is
//! space on the disk, and what the processes noticed.

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    Context,
    config::Config,
    db::DbError,
    disk::{self, DiskLevel},
    finding::Finding,
    jobs::{self, Worker},
    module::Services,
    processes::{self, Asker, Process},
};

/// How long `/api/health` waits for the space on the disks.
const PATIENCE: Duration = Duration::from_millis(800);

/// The checks of an installation. Clones share what they need.
#[derive(Clone)]
pub struct Checks(Arc<Inner>);

struct Inner {
    config: Arc<Config>,
    workers: Vec<Worker>,
}

impl fmt::Debug for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Checks")
    }
}

impl Checks {
    /// Returns the checks of an application.
    #[must_use]
    pub fn of(services: &Services) -> Self {
        let (config, workers) = (Arc::clone(&services.config), services.jobs().workers);
        Self(Arc::new(Inner { config, workers }))
    }

    /// Runs all checks, with what [`processes::all`] returned.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn findings(
        &self,
        context: &Context,
        processes: &[Process],
        asker: Asker,
    ) -> Result<Vec<Finding>, DbError> {
        let now = context.now();
        let mut findings = processes::findings(processes, now, asker);
        let late = jobs::late_queues(&context.db, &self.0.workers, processes, now).await?;
        findings.extend(late.iter().map(|queue| {
            let why = format!(
                "{}: see its worker at /admin/jobs, and its errors in the log",
                kernel::capitalized(&queue.words(now))
            );
            Finding::new("queues", Err(why))
        }));
        let off = processes::off_clock(&context.db).await?;
        findings.extend(off.map(|why| Finding::new("clock", Err(why))));
        findings.extend(disk::measured(&self.0.config).await.iter().map(of_disk));
        findings.push(of_alerts(&self.0.config));
        Ok(findings)
    }

    /// Returns true unless a disk is full. One that does not answer in time is not known to be.
    pub async fn has_space(&self) -> bool {
        let lowest = tokio::time::timeout(PATIENCE, disk::lowest(&self.0.config)).await;
        let lowest = lowest.ok().flatten();
        lowest.is_none_or(|disk| disk.level() != DiskLevel::Full)
    }

    /// Returns true if a process runs the background jobs and keeps up with them, or none has started yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn jobs_are_done(&self, context: &Context) -> Result<bool, DbError> {
        let (processes, now) = (processes::all(&context.db).await?, context.now());
        if !processes::at_work(&processes, now) {
            return Ok(processes::no_one_works(&processes, now).is_none());
        }
        Ok(jobs::late_queues(&context.db, &self.0.workers, &processes, now).await?.is_empty())
    }
}

/// Checks that alerts reach someone.
fn of_alerts(config: &Config) -> Finding {
    let is_set_up = config.slack_webhook_url.is_some()
        || !config.alert_emails.is_empty()
        || !config.alert_phones.is_empty();
    if is_set_up {
        let word = "Operators are alerted; `guildhall alert test` tries each channel";
        return Finding::new("alerts", Ok(word.to_owned()));
    }
    let detail = "No one is alerted when something fails. To change that, set a webhook of Slack or \
                  email addresses at /admin/settings";
    Finding::not_set_up("alerts", detail)
}

fn of_disk(disk: &disk::Disk) -> Finding {
    let words = disk.words();
    let result = match disk.level() {
        DiskLevel::Enough => Ok(words),
        DiskLevel::Low => {
            Err(format!("Only {words}: free some space, or use a larger disk, before it is full"))
        }
        DiskLevel::Full => Err(format!(
            "Only {words}, so that changes and deliveries are refused now or soon: free some space or use a larger disk"
        )),
    };
    Finding::new(if disk.place == "data" { "disk" } else { "disk of the database" }, result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;

    #[test]
    fn alerts_without_a_channel_are_not_set_up() {
        let alerts = |variable: &str, value: &str| {
            let environment = [(variable.to_owned(), value.to_owned())].into();
            let config = Config::load(&environment, &Flags::default()).expect("a configuration");
            of_alerts(&config)
        };
        let found = alerts("GUILDHALL_LOG", "info");
        assert!(!found.is_set_up && found.is_ok, "{found:?}");
        let found = alerts("SLACK_WEBHOOK_URL", "https://hooks.slack.com/services/T/B/X");
        assert!(found.is_set_up && found.is_ok, "{found:?}");
    }
}
