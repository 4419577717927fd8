use kernel::counted;

use super::{HoldReason, READY, RolloutAdvice, RolloutFault, RolloutStep};

impl RolloutAdvice {
    /// Returns the suggestion in a sentence without a full stop.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::TurnOn => "Turn the integration on".to_owned(),
            Self::Begin => "List the usernames of the coaches of 5 to 10 competitors".to_owned(),
            Self::Raise(step) => format!("Raise to {}", step.heading()),
            Self::Wait(hours) => format!("Wait {}", counted(hours, "more hour", "more hours")),
            Self::Hold(reason) => format!("Do not raise: {}", reason.words()),
            Self::RollBack(step, rate) => {
                format!("{}: only {} succeeded in 7 days", back(step), rate.words())
            }
            Self::Fix(fault) => format!("Fix this first: {}", fault.words()),
            Self::Done => "Done: the platform is on for everyone".to_owned(),
        }
    }

    /// Returns the class of the color of the suggestion.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::TurnOn | Self::Begin => "t-argent",
            Self::Raise(_) | Self::Done => "t-vert",
            Self::Wait(_) => "t-azure",
            Self::Hold(_) | Self::Fix(_) => "t-or",
            Self::RollBack(..) => "t-gules",
        }
    }

    /// Returns the value to give to `guildhall flags set`, if the suggestion is to change the flag.
    #[must_use]
    pub fn value(self) -> Option<String> {
        match self {
            Self::RollBack(RolloutStep::None, _) => Some("off".to_owned()),
            Self::Raise(step) | Self::RollBack(step, _) => Some(step.percent().to_string()),
            _ => None,
        }
    }
}

fn back(step: RolloutStep) -> String {
    match step {
        RolloutStep::None => "Turn the flag off".to_owned(),
        RolloutStep::Pilot => "Roll back to the pilot".to_owned(),
        other => format!("Roll back to {}", other.heading()),
    }
}

impl RolloutFault {
    const fn words(self) -> &'static str {
        match self {
            Self::Rejected => "the platform rejected the token",
            Self::ThreeFailed => "three full syncs failed in a row",
        }
    }
}

impl HoldReason {
    fn words(self) -> String {
        match self {
            Self::Fault(fault) => fault.words().to_owned(),
            Self::Rate(rate) => {
                format!("{} succeeded in 7 days; more than {READY} % are needed", rate.words())
            }
            Self::UnknownBegin => {
                "the flag was changed with SQL, so the hours at this step are not known".to_owned()
            }
            Self::NoneAsked => "no competitor was asked for in 7 days".to_owned(),
        }
    }
}
