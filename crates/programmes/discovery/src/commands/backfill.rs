use kernel::counted;
use platform::{
    command::{Work, remark, say},
    module::Services,
};
use serde_json::json;

use crate::actions::derive_all;

/// Derive the opportunities of all followed repositories again from their issues
#[derive(Clone, Copy, Debug, clap::Parser)]
#[command(
    name = "opportunities",
    after_help = "Examples:\n  guildhall backfill opportunities\n  guildhall backfill opportunities --json\n\nOne repository after the other, with the progress on standard error; servers can run meanwhile. What is right already stays as it is, so the command can be stopped and repeated. Exit codes: 0 success, 1 failure, 2 wrong usage."
)]
pub(super) struct BackfillOpportunities {
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

impl Work for BackfillOpportunities {
    async fn work(self, services: &Services) -> anyhow::Result<()> {
        let progress =
            |done: usize, all: usize| remark(format_args!("{done} of {all} repositories"));
        let derived = derive_all(&services.context, progress).await?;
        if self.json {
            say(json!({ "repositories": derived }));
        } else {
            let repositories = counted(derived, "repository", "repositories");
            say(format_args!("Derived the opportunities of {repositories}."));
        }
        Ok(())
    }
}
