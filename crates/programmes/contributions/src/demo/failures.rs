//! Failures in the demo, which the admin pages show: a delivery that cannot be read, and a job that does not find its
//! file. Both enter like real ones.

use anyhow::Context as _;
use bytes::Bytes;
use identity::model::DemoPeople;
use platform::{
    Context,
    audit::Actor,
    jobs::{self, JobError, Schedule},
    module::Services,
};
use serde_json::json;
use testkit::{replay::DeliveryLine, season::Season};

/// The job that fails.
const IMPORT: &str = "SampleImport";
/// The file that the job reads.
const FILE: &str = "sample-import.json";
/// The GitHub delivery ID of the delivery that fails.
const DELIVERY: &str = "5a3b1e00-0000-4000-8000-00000000dead";

/// Returns the job, in the demo only.
pub(crate) fn schedules(services: &Services) -> Vec<Schedule> {
    let demo = services.extensions.get::<DemoPeople>();
    if demo.is_none_or(|demo| demo.0.is_empty()) {
        return Vec::new();
    }
    let path = services.config.data_dir.join(FILE);
    let import = move |_: Context| {
        let path = path.clone();
        async move {
            let missing = |error| {
                JobError::Other(format!(
                    "cannot read {} ({error}): create the file, or pause this job",
                    path.display()
                ))
            };
            let size = std::fs::metadata(&path).map_err(missing)?.len();
            Ok(format!("found {size} bytes"))
        }
    };
    vec![Schedule::new(IMPORT, "30 4 * * *", import)]
}

/// Runs the job now, unless this process does not have it.
pub(super) async fn run_import(services: &Services) -> anyhow::Result<()> {
    if !schedules(services).is_empty() {
        jobs::ask(&services.context, Actor::Operator, IMPORT).await?;
    }
    Ok(())
}

/// Returns a delivery about the season's first repository whose number is not a number.
pub(super) fn unreadable_delivery(season: &Season) -> anyhow::Result<DeliveryLine> {
    let mut repositories = season.projects.iter().flat_map(|project| &project.repositories);
    let repo = repositories.next().context("the season has no repository")?;
    let body = json!({
        "action": "opened",
        "number": "twelve",
        "repository": { "id": repo.id, "full_name": repo.full_name() },
        "pull_request": { "title": "A delivery of a newer API" },
    });
    DeliveryLine::new("pull_request", DELIVERY, Bytes::from(body.to_string()))
        .map_err(anyhow::Error::msg)
}
