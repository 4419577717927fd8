use std::time::Duration;

/// Settings of the runner.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long a claim lasts before the work becomes due again.
    pub lease: Duration,
    /// How often a process looks for work that became due, or that another process left.
    pub poll: Duration,
    /// How long a job waits for more work after a batch that was not full, so that the cost of a batch is shared.
    pub linger: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { lease: Duration::from_secs(60), poll: Duration::from_millis(500), linger: LINGER }
    }
}

/// The default of [`Settings::linger`], too short for a person to notice.
pub(crate) const LINGER: Duration = Duration::from_millis(25);
