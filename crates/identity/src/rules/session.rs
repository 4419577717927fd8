use chrono::TimeDelta;

/// The lifetime of a session that is not used.
pub const SESSION_LASTS: TimeDelta = TimeDelta::days(30);
