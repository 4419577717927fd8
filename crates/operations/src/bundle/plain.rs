//! Decides which settings are written with their values.

/// Settings that are written as they are, because no one is named by them. Of all others, only short numbers are, such as days and
/// limits, but not telephone numbers.
const PLAIN: &[&str] = &[
    "environment",
    "log",
    "log_format",
    "openai_model",
    "openai_embedding_model",
    "inbox_bytes_in_flight",
    "game_platform_answer_bytes",
    "ai_price_input",
    "ai_price_output",
    "ai_price_embedding",
    "backup_log",
    "backup_schedule",
    "maintenance_jobs",
];

/// The maximum number of digits of a number that is written as it is.
const DIGITS: usize = 6;

/// Returns true if a setting is written with its value.
pub(crate) fn is_plain(key: &str, text: &str) -> bool {
    let is_number =
        (1..=DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    PLAIN.contains(&key) || is_number && !key.ends_with("_id")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_settings_that_name_no_one_are_written() {
        for (key, text, expected) in [
            ("log", "info", true),
            ("inbox_bytes_in_flight", "33554432", true),
            ("job_lease_seconds", "60", true),
            ("telnyx_from", "+4915112345678", false),
            ("alert_phones", "4915112345678", false),
            ("github_app_id", "12345", false),
            ("community_name", "inf", false),
            ("openid_name", "", false),
        ] {
            assert_eq!(is_plain(key, text), expected, "{key} {text}");
        }
    }
}
