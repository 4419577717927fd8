use crate::telemetry::FUNNEL;

/// A stage of the way from the page of a hackathon to a judged submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FunnelStage {
    /// Its page was viewed.
    Viewed,
    /// A person applied.
    Applied,
    /// A person created or joined a team.
    Teamed,
    /// A submission was submitted for the first time.
    Submitted,
    /// The first checks of a submission found it valid.
    Valid,
    /// A submission was judged when results were published.
    Judged,
}

impl FunnelStage {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Viewed => "viewed",
            Self::Applied => "applied",
            Self::Teamed => "teamed",
            Self::Submitted => "submitted",
            Self::Valid => "valid",
            Self::Judged => "judged",
        }
    }
}

pub(crate) fn count(stage: FunnelStage, reached: usize) {
    FUNNEL.add(&[stage.as_str()], reached as u64);
}
