//! The result of a check, as `doctor`, the health page and the API show it.

use serde::Serialize;
use utoipa::ToSchema;

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingState {
    /// The check failed.
    Problem,
    /// The first check has not ended, which is not a fault.
    Unchecked,
    Ok,
    /// The check is about something that is not configured, which is not a fault.
    NotSetUp,
}

/// The result of one check.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Finding {
    /// The name of the check.
    pub check: &'static str,
    /// The result in words.
    pub state: FindingState,
    /// True unless the check failed.
    pub is_ok: bool,
    /// False when the check is about something that is not configured, which is not a fault.
    pub is_set_up: bool,
    /// Details. When the check failed, the next step.
    pub detail: String,
}

impl Finding {
    #[must_use]
    pub fn new(check: &'static str, result: Result<String, String>) -> Self {
        match result {
            Ok(detail) => Self::of(check, FindingState::Ok, detail),
            Err(error) => Self::of(check, FindingState::Problem, error),
        }
    }

    /// Creates the result of a check that is in this state.
    #[must_use]
    pub fn of(check: &'static str, state: FindingState, detail: String) -> Self {
        Self {
            check,
            state,
            is_ok: state != FindingState::Problem,
            is_set_up: state != FindingState::NotSetUp,
            detail,
        }
    }

    /// Creates the result of a check of something that is not configured.
    #[must_use]
    pub fn not_set_up(check: &'static str, detail: impl Into<String>) -> Self {
        Self::of(check, FindingState::NotSetUp, detail.into())
    }
}
