use chrono::TimeDelta;

/// How long a session lasts without being used.
pub const SESSION_LASTS: TimeDelta = TimeDelta::days(30);
